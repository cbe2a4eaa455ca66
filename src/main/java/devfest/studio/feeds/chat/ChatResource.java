package devfest.studio.feeds.chat;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.audit.Outcome;
import devfest.studio.cluster.Rates;
import devfest.studio.feed.Feeds;
import devfest.studio.http.Field;
import devfest.studio.http.Limit;
import devfest.studio.http.PlainText;
import devfest.studio.http.Problem;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import devfest.studio.stream.StreamRequest;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Endpoints of the chat rooms. */
@RequestScoped
@Path("/chat")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Chat")
public class ChatResource {

  /** In characters; keeps messages readable on a wall. */
  private static final int MAX_TEXT = 1_000;

  private static final String ROOM_RULE =
      "1 to 32 characters: a–z, 0–9 and '-', and must not start with '-'.";

  /**
   * A new message.
   *
   * @param text older clients send it as {@code message}
   * @param room the lobby if left out or empty
   */
  @Schema(name = "ChatWish")
  public record Input(
      @PlainText(max = MAX_TEXT) String text,
      @Nullable String message,
      @Pattern(regexp = "^(" + RoomFeed.SYNTAX + ")?$", message = "must have " + ROOM_RULE)
          @Nullable String room) {

    public Input {
      text = text == null && message != null ? message : text;
    }
  }

  @Inject private Rates rates;
  @Inject private Chat chat;
  @Inject private LobbyFeed lobby;
  @Inject private RoomFeed rooms;
  @Inject private Feeds feeds;
  @Inject private Callers callers;
  @Inject private Audit audit;
  @Context private SecurityContext context;

  @POST
  @Path("/messages")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Roles.ANY_USER)
  @Operation(summary = "Post a message: {text, room?}")
  @APIResponse(
      responseCode = "201",
      description = "The message, with its id",
      content = @Content(schema = @Schema(implementation = Chat.View.class)))
  @APIResponse(responseCode = "403", description = "The claims of the token exclude the room")
  @APIResponse(responseCode = "429", description = "The caller has posted too many messages")
  public Response say(
      @NotNull(message = "must be a JSON object.") @Valid Input input,
      @QueryParam("room") @Nullable String room) {
    String where = room(input.room() == null ? room : input.room());
    callers.requireChannel(context, Chat.channel(where));
    String text = Field.strip(input.text());
    String user = callers.caller(context).user();
    rates.take(Limit.MESSAGES, user);
    return Response.status(Response.Status.CREATED).entity(chat.post(where, user, text)).build();
  }

  /** Returns the room that the body or the query names, the lobby by default. */
  private static String room(@Nullable String name) {
    if (name == null || name.isEmpty()) {
      return Chat.LOBBY;
    }
    if (!RoomFeed.isRoom(name)) {
      throw Problem.badRequest("room must have " + ROOM_RULE);
    }
    return name;
  }

  @DELETE
  @Path("/messages/{id}")
  @RolesAllowed(Roles.ADMIN)
  @Operation(summary = "Erase a message for all users; ?room= names a room other than the lobby")
  @APIResponse(
      responseCode = "204",
      description = "The message is erased; streams of the room get 'erased' {id}")
  @APIResponse(responseCode = "404", description = "The room has no such message")
  public void erase(@PathParam("id") String id, @QueryParam("room") @Nullable String room) {
    if (!id.matches("\\d{1,18}") || !chat.erase(room(room), Long.parseLong(id))) {
      throw Problem.notFound("message");
    }
    audit.record(callers.caller(context).userId(), Action.DELETE_MESSAGE, id, Outcome.DONE);
  }

  @GET
  @Path("/stream")
  @PermitAll
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      summary = "Stream message, user-joined, user-left and erased of ?room=, by default the lobby",
      description =
          "The stream starts with the last 50 messages, or with Last-Event-ID with the missed ones.")
  @APIResponse(responseCode = "200", description = "An endless text/event-stream")
  public void stream(
      @QueryParam("room") @Nullable String room,
      @BeanParam StreamRequest request,
      @Suspended AsyncResponse response) {
    String where = room(room);
    if (where.equals(Chat.LOBBY)) {
      feeds.open(lobby, request, response);
    } else {
      feeds.open(rooms, where, request, response);
    }
  }
}
