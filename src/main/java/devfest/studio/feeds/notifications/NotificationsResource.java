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

/** Endpoints of the caller's notifications. */
@RequestScoped
@Path("/notifications")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Notifications")
public class NotificationsResource {

  /** The number of notifications that were unread. */
  @Schema(name = "ReadCount")
  public record Read(int read) {}

  @Inject private Notifications notifications;
  @Inject private NotificationsFeed feed;
  @Inject private Feeds feeds;
  @Inject private Callers callers;
  @Context private SecurityContext context;

  @GET
  @RolesAllowed(Roles.ANY_USER)
  @Operation(
      summary =
          "List the caller's notifications, newest first; ?unread=true returns only unread ones")
  public Page<Notification.Item> list(
      @QueryParam("unread") @Nullable String unread,
      @QueryParam("limit") @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    return Page.of(
        Page.limit(limit),
        max -> notifications.newest(user(), unreadOnly(unread), Cursor.position(cursor), max),
        Notification::item,
        Notification::position);
  }

  private static boolean unreadOnly(@Nullable String text) {
    return switch (text == null ? "" : text) {
      case "", "false" -> false;
      case "true" -> true;
      default -> throw Problem.badRequest("unread must be 'true' or 'false'.");
    };
  }

  @POST
  @Path("/{id}/read")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Mark a notification as read")
  public Notification.Item read(@PathParam("id") String id) {
    if (!Ids.possible(id)) {
      throw Problem.notFound("notification");
    }
    return notifications.read(user(), id).item();
  }

  @POST
  @Path("/read-all")
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Mark all notifications as read")
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
      summary = "Stream connected, then each notification",
      description =
          "Event ids are log positions: with Last-Event-ID the stream starts with missed notifications.")
  @APIResponse(responseCode = "200", description = "An endless text/event-stream")
  public void stream(@BeanParam StreamRequest request, @Suspended AsyncResponse response) {
    feeds.open(feed, request, response);
  }
}
