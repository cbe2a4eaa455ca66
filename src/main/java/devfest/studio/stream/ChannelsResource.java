package devfest.studio.stream;

import devfest.studio.events.Filter;
import devfest.studio.hub.Shape;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import jakarta.annotation.security.PermitAll;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.Sse;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Several channels over one connection. */
@RequestScoped
@Path("/stream")
@Produces(MediaType.SERVER_SENT_EVENTS)
@Tag(name = "Events")
public class ChannelsResource {

  @Inject private Streams streams;
  @Inject private Callers callers;
  @Context private SecurityContext context;
  @Context private HttpServletRequest request;

  @GET
  @PermitAll
  @Operation(
      summary = "Unnamed events {channel, event, data} of ?channels=; none named: every channel",
      description = "Also carries id, timestamp and userId. So far there is the channel 'events'.")
  @APIResponse(responseCode = "200", description = "An endless text/event-stream")
  @APIResponse(responseCode = "400", description = "A malformed option, or an unknown channel")
  @APIResponse(responseCode = "401", description = "Token required, or Invalid token")
  @APIResponse(responseCode = "429", description = "The caller has too many streams open")
  @APIResponse(responseCode = "503", description = "The studio has no free stream")
  public void stream(
      @BeanParam StreamRequest wish, @Suspended AsyncResponse keep, @Context Sse sse) {
    wish.check();
    Caller caller = callers.streamReader(context, wish.credentials());
    Filter filter = wish.selection().channelled(caller);
    streams.open(wish, caller, filter, Shape.CHANNEL, request, keep, sse);
  }

  @HEAD
  @PermitAll
  public Response head(@BeanParam StreamRequest wish) {
    wish.check();
    wish.selection().channelled(callers.streamProbe(context, wish.credentials()));
    return Streams.head(request);
  }
}
