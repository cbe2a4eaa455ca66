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

/** What GitHub has delivered: to the organisers for everybody with a token, and to own hooks. */
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
  @Operation(summary = "Deliveries, newest first; ?repo=&event=&status= narrow")
  public Page<Delivery.Item> list(
      @QueryParam("repo") @Nullable String repo,
      @QueryParam("event") @Nullable String event,
      @QueryParam("status") @Nullable String status,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    Deliveries.Narrowing narrowing =
        new Deliveries.Narrowing(present(repo), present(event), status(present(status)));
    Scope.Owned owner = Scope.owned(callers.caller(context)).orElseThrow();
    return Page.of(
        Page.limit(limit),
        most -> deliveries.newest(owner, narrowing, Cursor.position(cursor), most),
        Delivery::item,
        Delivery::position);
  }

  private static @Nullable String present(@Nullable String text) {
    if (text != null && text.chars().anyMatch(Character::isISOControl)) {
      throw Problem.badRequest("What narrows the list has no control characters");
    }
    return text == null || text.isEmpty() ? null : text;
  }

  private static Delivery.@Nullable Status status(@Nullable String text) {
    try {
      return text == null ? null : Delivery.Status.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("status is received, processed, ignored or failed", e);
    }
  }

  @GET
  @Path("/stream")
  @PermitAll
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(summary = "events (the newest 50), new-event, and events-update on a new status")
  public void events(@BeanParam StreamRequest request, @Suspended AsyncResponse response) {
    feeds.open(feed, request, response);
  }

  @GET
  @Path("/length/stream")
  @PermitAll
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(summary = "count, and again on each change")
  public void length(@BeanParam StreamRequest request, @Suspended AsyncResponse response) {
    feeds.open(count, request, response);
  }
}
