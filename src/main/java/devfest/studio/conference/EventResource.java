package devfest.studio.conference;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.audit.Outcome;
import devfest.studio.conference.Conference.Announcement;
import devfest.studio.conference.Conference.Profile;
import devfest.studio.http.Links;
import devfest.studio.http.Name;
import devfest.studio.http.Problem;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.json.JsonValue;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.net.URI;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Endpoints of the event at which the studio is used. */
@RequestScoped
@Path("/event")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "The event")
public class EventResource {

  private static final int MAX_NAME = 100;
  private static final int MAX_TAGLINE = 200;

  /** Longer addresses need a QR code that phones cannot read from a distance. */
  private static final int MAX_URL = 500;

  private static final String NAME_RULE =
      "must have at most " + MAX_NAME + " characters on one line, none of them invisible.";

  private static final String TAGLINE_RULE =
      "must have at most " + MAX_TAGLINE + " characters on one line, none of them invisible.";

  /**
   * The event. What is left out has no value afterwards, except {@code moderation} and {@code
   * reveal}, which then stay as they are.
   *
   * @param accent a colour as {@code #rrggbb}
   * @param startsAt an instant
   * @param endsAt an instant after the start
   * @param joinUrl where attendees can join, for example the URL of a pass
   * @param moderation {@code before} or {@code after}: when organisers decide about public pictures
   * @param reveal whether attendees see the pictures of others
   */
  @Schema(name = "EventWish")
  public record Wish(
      @NotBlank(message = "must be a non-blank string.")
          @Size(max = MAX_NAME, message = NAME_RULE)
          @Name(message = NAME_RULE)
          String name,
      @Size(max = MAX_TAGLINE, message = TAGLINE_RULE) @Name(message = TAGLINE_RULE)
          @Nullable String tagline,
      @Pattern(regexp = "#[0-9a-fA-F]{6}", message = "must be a colour such as #ff7a59.")
          @Nullable String accent,
      @Nullable String startsAt,
      @Nullable String endsAt,
      @Nullable String joinUrl,
      @Nullable String moderation,
      @Schema(type = SchemaType.BOOLEAN) @Nullable JsonValue reveal) {}

  /**
   * The event. {@code joinUrl}, {@code qr} and {@code announcement} are null for callers who may
   * not read public data.
   *
   * @param qr the joinUrl as a QR code, an SVG document
   * @param reveal whether attendees see the pictures of others
   * @param logoUrl a PNG file beside the name
   * @param frameUrl a PNG file that is laid over every result
   * @param announcement what pages show at the moment
   * @param announcedUntil when they hide it
   */
  @Schema(name = "EventProfile")
  public record View(
      String name,
      @Schema(nullable = true) @Nullable String tagline,
      @Schema(nullable = true) @Nullable String accent,
      @Schema(nullable = true) @Nullable Instant startsAt,
      @Schema(nullable = true) @Nullable Instant endsAt,
      @Schema(nullable = true) @Nullable String joinUrl,
      @Schema(nullable = true) @Nullable String qr,
      String moderation,
      boolean reveal,
      @Schema(nullable = true) @Nullable String logoUrl,
      @Schema(nullable = true) @Nullable String frameUrl,
      @Schema(nullable = true) @Nullable String announcement,
      @Schema(nullable = true) @Nullable Instant announcedUntil) {

    static View of(
        Profile profile,
        @Nullable String qr,
        @Nullable String logoUrl,
        @Nullable String frameUrl,
        @Nullable Announcement announcement) {
      return new View(
          profile.name(),
          profile.tagline(),
          profile.accent(),
          profile.startsAt(),
          profile.endsAt(),
          profile.joinUrl(),
          qr,
          profile.moderation(),
          profile.reveal(),
          logoUrl,
          frameUrl,
          announcement == null ? null : announcement.text(),
          announcement == null ? null : announcement.until());
    }

    View forStrangers() {
      return new View(
          name,
          tagline,
          accent,
          startsAt,
          endsAt,
          null,
          null,
          moderation,
          reveal,
          logoUrl,
          frameUrl,
          null,
          null);
    }
  }

  @Inject private Organisers organisers;
  @Inject private ConferenceSettings settings;
  @Inject private Links links;
  @Inject private Callers callers;
  @Inject private Event<Revealed> revealed;
  @Inject private Audit audit;
  @Context private SecurityContext context;

  @GET
  @PermitAll
  @Operation(summary = "Describe the event; who may not read public data gets no joinUrl")
  public View get() {
    Caller caller = callers.caller(context);
    View view = view(organisers.profile());
    return callers.mayRead(caller) ? view : view.forStrangers();
  }

  private View view(Profile profile) {
    return View.of(
        profile,
        organisers.qr(profile).orElse(null),
        url(Artwork.LOGO),
        url(Artwork.FRAME),
        organisers.announcement().orElse(null));
  }

  private @Nullable String url(Artwork kind) {
    return organisers.artwork(kind).map(links::artwork).orElse(null);
  }

  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ADMIN)
  @Operation(summary = "Describe the event anew; open pages change at once")
  public View put(@NotNull(message = "must be a JSON object.") @Valid Wish wish) {
    @Nullable Instant start = instant("startsAt", wish.startsAt());
    @Nullable Instant end = instant("endsAt", wish.endsAt());
    if (start != null && end != null && !start.isBefore(end)) {
      throw Problem.badRequest("endsAt must be after startsAt.");
    }
    @Nullable String joinUrl = url(text(wish.joinUrl()));
    Optional<String> moderation = approval(wish.moderation());
    Optional<Boolean> reveal = reveal(wish.reveal());
    Profile profile =
        organisers.change(
            present ->
                new Profile(
                    wish.name().strip(),
                    text(wish.tagline()),
                    wish.accent(),
                    start,
                    end,
                    joinUrl,
                    moderation.orElse(present.moderation()),
                    reveal.orElse(present.reveal())));
    if (profile.reveal()) {
      revealed.fire(new Revealed());
    }
    audit.record(callers.caller(context).userId(), Action.CHANGE_EVENT, null, Outcome.DONE);
    return view(profile);
  }

  private Optional<String> approval(@Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    Approval wish =
        Approval.of(text)
            .orElseThrow(() -> Problem.badRequest("moderation must be 'before' or 'after'."));
    if (wish == Approval.AFTER && settings.approvalFirst()) {
      throw Problem.badRequest(
          "moderation cannot be 'after', because the setting studio.moderation is 'before'.");
    }
    return Optional.of(wish.toString());
  }

  private static Optional<Boolean> reveal(@Nullable JsonValue value) {
    if (value == null || value == JsonValue.NULL) {
      return Optional.empty();
    }
    if (value == JsonValue.TRUE || value == JsonValue.FALSE) {
      return Optional.of(value == JsonValue.TRUE);
    }
    throw Problem.badRequest("reveal must be true or false.");
  }

  private static @Nullable String text(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  private static @Nullable Instant instant(String member, @Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw Problem.badRequest(member + " must be an instant such as 2026-11-21T10:42:00Z.", e);
    }
  }

  private static @Nullable String url(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      URI uri = URI.create(text);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getUserInfo() == null && text.length() <= MAX_URL) {
        return text;
      }
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("joinUrl is not a URL.", e);
    }
    throw Problem.badRequest(
        "joinUrl must be a URL that begins with https:// or http:// and has at most "
            + MAX_URL
            + " characters.");
  }
}
