package devfest.studio.feed;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.audit.Outcome;
import devfest.studio.http.Bodies;
import devfest.studio.http.Cursor;
import devfest.studio.http.Ids;
import devfest.studio.http.Page;
import devfest.studio.http.Problem;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.security.Roles;
import devfest.studio.stream.OpenStreams;
import devfest.studio.stream.StreamEnds;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The open streams: their channels, their list and their end. */
@RequestScoped
@Path("/streams")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Events")
public class OpenStreamResource {

  /** The channels to add and to remove. */
  @Schema(name = "ChannelChange")
  public record Change(
      @Nullable List<@NotNull(message = NAMES) String> add,
      @Nullable List<@NotNull(message = NAMES) String> remove) {

    private static final String NAMES = "must be a list of channel names.";
  }

  /** The channels of the stream after the change. */
  @Schema(name = "ChannelList")
  public record View(String clientId, List<String> channels) {}

  @Inject private Bodies bodies;
  @Inject private Channels channels;
  @Inject private RemoteStreams elsewhere;
  @Inject private OpenStreams streams;
  @Inject private StreamEnds ends;
  @Inject private Audit audit;
  @Inject private Callers callers;
  @Context private SecurityContext context;

  @GET
  @RolesAllowed(Roles.ADMIN)
  @Operation(
      summary = "List the open streams and WebSockets of all nodes, newest first",
      description =
          "A node that does not answer within a second is left out and counted in missingNodes. A"
              + " page may have fewer items than the limit although 'next' is not null.")
  public OpenStreams.Listed list(
      @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
    return streams.list(Cursor.of(cursor), Page.limit(limit));
  }

  @DELETE
  @Path("/{clientId}")
  @RolesAllowed(Roles.ADMIN)
  @Operation(
      summary = "End an open stream or WebSocket, on whatever node it is",
      description =
          "The client gets stream.closed {reason: revoked}. It may connect again if its token is"
              + " still valid; DELETE /users/{id}/sessions revokes the tokens of a user.")
  @APIResponse(responseCode = "204", description = "The stream ends within 5 seconds")
  @APIResponse(responseCode = "404", description = "There is no such stream on any node")
  public Response end(@PathParam("clientId") String clientId) {
    if (!Ids.possible(clientId) || !ends.end(clientId)) {
      throw Problem.notFound("stream");
    }
    audit.record(callers.caller(context).userId(), Action.END_STREAM, clientId, Outcome.DONE);
    return Response.noContent().build();
  }

  @PATCH
  @Path("/{clientId}")
  @PermitAll
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Change the channels of an open /stream: {add?: […], remove?: […]}",
      description =
          "Changes only the connection with this clientId, from its 'connected' event; a reconnect"
              + " must name the channels again. Each new channel begins with its snapshot.")
  @APIResponse(responseCode = "200", description = "The channels after the change")
  @APIResponse(
      responseCode = "400",
      description = "An unknown channel, no channel would be left, or too many")
  @APIResponse(responseCode = "403", description = "A channel that the caller may not follow")
  @APIResponse(responseCode = "404", description = "The caller has no such stream")
  public View change(@PathParam("clientId") String clientId, @Nullable Change change) {
    Caller caller = callers.reader(context);
    Change valid = bodies.valid(change);
    // Not a constraint, because it depends on two members.
    if (valid.add() == null && valid.remove() == null) {
      throw Problem.badRequest("The body must contain 'add' or 'remove', each a list of channels.");
    }
    List<String> add = Objects.requireNonNullElse(valid.add(), List.of());
    List<String> remove = Objects.requireNonNullElse(valid.remove(), List.of());
    List<String> all =
        channels
            .change(clientId, caller, add, remove)
            .or(() -> elsewhere.change(clientId, caller, add, remove))
            .orElseThrow(() -> Problem.notFound("stream"));
    return new View(clientId, all);
  }
}
