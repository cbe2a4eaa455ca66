package devfest.studio.feed;

import devfest.studio.http.Problem;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Changes the channels of a stream that is open on this node. */
@RequestScoped
@Path("/streams")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Events")
public class OpenStreamResource {

  /** The channels to add and to remove. */
  @Schema(name = "ChannelChange")
  public record Change(@Nullable List<String> add, @Nullable List<String> remove) {}

  /** The channels of the stream after the change. */
  @Schema(name = "ChannelList")
  public record View(String clientId, List<String> channels) {}

  @Inject private Channels channels;
  @Inject private Callers callers;
  @Context private SecurityContext context;

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
  @APIResponse(responseCode = "404", description = "The caller has no such stream on this node")
  public View change(@PathParam("clientId") String clientId, @Nullable Change change) {
    Caller caller = callers.reader(context);
    if (change == null || (change.add() == null && change.remove() == null)) {
      throw Problem.badRequest("The body must contain 'add' or 'remove', each a list of channels.");
    }
    List<String> add = listed(change.add());
    List<String> remove = listed(change.remove());
    channels.check(add);
    ChannelStream stream =
        channels.find(clientId, caller).orElseThrow(() -> Problem.notFound("stream"));
    if (!add.isEmpty()) {
      channels.admitted(add, stream.viewer());
    }
    return new View(clientId, stream.change(add, remove));
  }

  private static List<String> listed(@Nullable List<String> names) {
    if (names != null && names.contains(null)) {
      throw Problem.badRequest("add and remove must be lists of channel names.");
    }
    return names == null ? List.of() : names;
  }
}
