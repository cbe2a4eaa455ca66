package devfest.studio.stream;

import devfest.studio.security.Caller;
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

/** The events of the log as one stream. */
@RequestScoped
@Path("/events/stream")
@Produces(MediaType.SERVER_SENT_EVENTS)
@Tag(name = "Events")
public class EventStreamResource {

  @Inject private Streams streams;

  @GET
  @PermitAll
  @Operation(summary = "Stream every event that the caller may see")
  @APIResponse(responseCode = "200", description = "An endless text/event-stream")
  @APIResponse(responseCode = "400", description = "A malformed position, filter or option")
  @APIResponse(responseCode = "401", description = "Token required, or Invalid token")
  @APIResponse(responseCode = "403", description = "Only an admin may filter by another user")
  @APIResponse(responseCode = "429", description = "The caller has too many streams open")
  @APIResponse(responseCode = "503", description = "The studio has no free stream")
  public void stream(@BeanParam StreamRequest request, @Suspended AsyncResponse response) {
    request.checkEvents();
    Caller caller = streams.reader(request);
    streams.open(streams.events(request, caller), response);
  }
}
