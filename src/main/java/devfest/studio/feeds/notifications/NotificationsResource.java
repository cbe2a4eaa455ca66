package devfest.studio.feeds.notifications;

import devfest.studio.feed.Feeds;
import devfest.studio.http.Cursor;
import devfest.studio.http.Ids;
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
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the caller is told personally. */
@RequestScoped
@Path("/notifications")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Notifications")
public class NotificationsResource {

  /** How many were unread until now. */
  @Schema(name = "ReadCount")
  public record Read(int read) {}

  @Inject private Notifications notifications;
  @Inject private NotificationsFeed feed;
  @Inject private Feeds feeds;
  @Inject private Callers callers;
  @Context private SecurityContext context;

  @GET
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "The caller's own, newest first; ?unread=true leaves out what was read")
  public Page<Notification.Item> list(
      @QueryParam("unread") @Nullable String unread,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    return Page.of(
        Page.limit(limit),
        most -> notifications.newest(user(), unreadAlone(unread), Cursor.position(cursor), most),
        Notification::item,
        Notification::position);
  }

  private static boolean unreadAlone(@Nullable String text) {
    return switch (text == null ? "" : text) {
      case "", "false" -> false;
      case "true" -> true;
      default -> throw Problem.badRequest("unread is 'true' or 'false'");
    };
  }

  @POST
  @Path("/{id}/read")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "It was read")
  public Notification.Item read(@PathParam("id") String id) {
    if (!Ids.possible(id)) {
      throw Problem.notFound("notification");
    }
    return notifications.read(user(), id).item();
  }

  @POST
  @Path("/read-all")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "All were read")
  public Read readAll() {
    return new Read(notifications.readAll(user()));
  }

  private String user() {
    return callers.caller(context).user();
  }

  @GET
  @Path("/stream")
  @PermitAll
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      summary = "connected, then each notification",
      description = "Its id is a position: with Last-Event-ID those that were missed come first.")
  @APIResponse(responseCode = "200", description = "An endless text/event-stream")
  public void stream(@BeanParam StreamRequest request, @Suspended AsyncResponse response) {
    feeds.open(feed, request, response);
  }
}
