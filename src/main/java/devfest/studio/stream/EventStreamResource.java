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

/** The live stream. */
@RequestScoped
@Path("/events/stream")
@Produces(MediaType.SERVER_SENT_EVENTS)
@Tag(name = "Events")
public class EventStreamResource {

  @Inject private Streams streams;
  @Inject private Callers callers;
  @Context private SecurityContext context;
  @Context private HttpServletRequest request;

  @GET
  @PermitAll
  @Operation(summary = "Every event that the caller may see, as it happens")
  @APIResponse(responseCode = "200", description = "An endless text/event-stream")
  @APIResponse(responseCode = "400", description = "A malformed position, filter or option")
  @APIResponse(responseCode = "401", description = "Token required, or Invalid token")
  @APIResponse(responseCode = "403", description = "userId is for admins")
  @APIResponse(responseCode = "429", description = "The caller has too many streams open")
  @APIResponse(responseCode = "503", description = "The studio has no free stream")
  public void stream(
      @BeanParam StreamRequest wish, @Suspended AsyncResponse keep, @Context Sse sse) {
    wish.check();
    Caller caller = callers.streamReader(context, wish.credentials());
    Filter filter = wish.selection().filter(caller);
    streams.open(
        wish,
        Streams.Recall.NONE,
        true,
        caller,
        filter,
        Shape.ENVELOPE,
        request,
        keep,
        sse,
        opened -> {});
  }

  /** Its own method: a HEAD that runs the GET would open a stream that nobody closes. */
  @HEAD
  @PermitAll
  public Response head(@BeanParam StreamRequest wish) {
    wish.check();
    wish.selection().filter(callers.streamProbe(context, wish.credentials()));
    return Streams.head(request);
  }
}
