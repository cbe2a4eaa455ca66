package devfest.studio.conference;

import devfest.studio.conference.Conference.Announcement;
import devfest.studio.events.Event;
import devfest.studio.http.Limit;
import devfest.studio.http.Limited;
import devfest.studio.http.Name;
import devfest.studio.http.WholeNumber;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonNumber;
import jakarta.json.JsonValue;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Endpoint of announcements. */
@RequestScoped
@Path("/announcements")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "The event")
public class AnnouncementsResource {

  /** In characters; is read on a wall at a glance. */
  private static final int MAX_TEXT = 280;

  private static final int DEFAULT_SECONDS = 300;

  /** A day: longer notices belong elsewhere. */
  private static final int MAX_SECONDS = 24 * 3_600;

  private static final String TEXT_RULE =
      "must have at most " + MAX_TEXT + " characters on one line, none of them invisible.";

  /**
   * The body of a request to announce something.
   *
   * @param ttlSeconds how long pages show it; five minutes if left out
   */
  @Schema(name = "AnnouncementWish")
  public record Wish(
      @NotBlank(message = "must be a non-blank string.")
          @Size(max = MAX_TEXT, message = TEXT_RULE)
          @Name(message = TEXT_RULE)
          String text,
      @Schema(type = SchemaType.INTEGER) @WholeNumber(min = 1, max = MAX_SECONDS, optional = true)
          @Nullable JsonValue ttlSeconds) {}

  @Inject private Organisers organisers;
  @Inject private Callers callers;
  @Context private SecurityContext context;

  @POST
  @Limited(Limit.PUBLISHING)
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.PUBLISHER, Roles.ADMIN})
  @Operation(summary = "Show a text on every open page and wall; it replaces an earlier one")
  @APIResponse(
      responseCode = "201",
      description = "The text and when pages hide it",
      content = @Content(schema = @Schema(implementation = Announcement.class)))
  public Response announce(@NotNull(message = "must be a JSON object.") @Valid Wish wish) {
    callers.requireChannel(context, Event.STUDIO_CHANNEL);
    callers.requireType(context, Organisers.ANNOUNCEMENT);
    int seconds =
        wish.ttlSeconds() instanceof JsonNumber number ? number.intValueExact() : DEFAULT_SECONDS;
    Announcement announcement =
        organisers.announce(wish.text().strip(), Duration.ofSeconds(seconds));
    return Response.status(Response.Status.CREATED).entity(announcement).build();
  }
}
