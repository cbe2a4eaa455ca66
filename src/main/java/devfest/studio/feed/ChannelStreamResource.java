package devfest.studio.feed;

import devfest.studio.hub.Transport;
import devfest.studio.stream.StreamRequest;
import devfest.studio.stream.Streams;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Several channels over one connection: the studio's events, and every feed. */
@RequestScoped
@Path("/stream")
@Produces(MediaType.SERVER_SENT_EVENTS)
@Tag(name = "Events")
public class ChannelStreamResource {

  @Inject private Streams streams;
  @Inject private Channels channels;

  @GET
  @PermitAll
  @Operation(
      summary = "Stream unnamed events {channel, event, data} of ?channels=, by default of all",
      description =
          "Each feed begins with its snapshot. Events of the channel 'events' also carry id,"
              + " timestamp and userId.")
  @APIResponse(responseCode = "200", description = "An endless text/event-stream")
  @APIResponse(responseCode = "400", description = "A malformed option, or an unknown channel")
  @APIResponse(responseCode = "401", description = "Token required, or Invalid token")
  @APIResponse(responseCode = "403", description = "A channel that the caller may not follow")
  @APIResponse(responseCode = "429", description = "The caller has too many streams open")
  @APIResponse(responseCode = "503", description = "The studio has no free stream")
  public void stream(@BeanParam StreamRequest request, @Suspended AsyncResponse response) {
    streams.open(
        channels.opening(request, () -> streams.reader(request), Transport.STREAM), response);
  }
}
