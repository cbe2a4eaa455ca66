package devfest.studio.feeds.github;

import devfest.studio.feed.Feeds;
import devfest.studio.feed.Scope;
import devfest.studio.http.Cursor;
import devfest.studio.http.Page;
import devfest.studio.http.Problem;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import devfest.studio.stream.StreamRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Endpoints of GitHub deliveries. Callers see the deliveries to the organisers' hook and to their
 * own hooks.
 */
@RequestScoped
@Path("/github/events")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "GitHub")
public class GithubResource {

  @Inject private Deliveries deliveries;
  @Inject private GithubFeed feed;
  @Inject private CountFeed count;
  @Inject private Feeds feeds;
  @Inject private Callers callers;
  @Context private SecurityContext context;

  @GET
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary = "List deliveries, newest first, optionally filtered by ?repo=&event=&status=")
  public Page<Delivery.Item> list(
      @QueryParam("repo") @Nullable String repo,
      @QueryParam("event") @Nullable String event,
      @QueryParam("status") @Nullable String status,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    Deliveries.Criteria criteria =
        new Deliveries.Criteria(emptyToNull(repo), emptyToNull(event), status(emptyToNull(status)));
    Scope.Owned owner = Scope.owned(callers.caller(context)).orElseThrow();
    return Page.of(
        Page.limit(limit),
        max -> deliveries.newest(owner, criteria, Cursor.position(cursor), max),
        Delivery::item,
        Delivery::position);
  }

  private static @Nullable String emptyToNull(@Nullable String text) {
    if (text != null && text.chars().anyMatch(Character::isISOControl)) {
      throw Problem.badRequest("repo, event and status must not contain control characters.");
    }
    return text == null || text.isEmpty() ? null : text;
  }

  private static Delivery.@Nullable Status status(@Nullable String text) {
    try {
      return text == null ? null : Delivery.Status.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("status must be received, processed, ignored or failed.", e);
    }
  }

  @GET
  @Path("/stream")
  @PermitAll
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      summary = "Stream events (the newest 50), new-event, and events-update when a status changes")
  public void events(@BeanParam StreamRequest request, @Suspended AsyncResponse response) {
    feeds.open(feed, request, response);
  }

  @GET
  @Path("/length/stream")
  @PermitAll
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(summary = "Stream count, now and after each change")
  public void length(@BeanParam StreamRequest request, @Suspended AsyncResponse response) {
    feeds.open(count, request, response);
  }
}
