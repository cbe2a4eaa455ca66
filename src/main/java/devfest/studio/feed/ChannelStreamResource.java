package devfest.studio.feed;

import devfest.studio.events.Filter;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.stream.StreamRequest;
import devfest.studio.stream.Streams;
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

/** Several channels over one connection: the studio's events, and every feed. */
@RequestScoped
@Path("/stream")
@Produces(MediaType.SERVER_SENT_EVENTS)
@Tag(name = "Events")
public class ChannelStreamResource {

  @Inject private Streams streams;
  @Inject private Channels channels;
  @Inject private Callers callers;
  @Context private SecurityContext context;
  @Context private HttpServletRequest request;

  @GET
  @PermitAll
  @Operation(
      summary = "Unnamed events {channel, event, data} of ?channels=; none named: every channel",
      description =
          "Each feed begins with its snapshot. Events of the channel 'events' also carry id,"
              + " timestamp and userId.")
  @APIResponse(responseCode = "200", description = "An endless text/event-stream")
  @APIResponse(responseCode = "400", description = "A malformed option, or an unknown channel")
  @APIResponse(responseCode = "401", description = "Token required, or Invalid token")
  @APIResponse(responseCode = "403", description = "A channel that the caller may not follow")
  @APIResponse(responseCode = "429", description = "The caller has too many streams open")
  @APIResponse(responseCode = "503", description = "The studio has no free stream")
  public void stream(
      @BeanParam StreamRequest wish, @Suspended AsyncResponse keep, @Context Sse sse) {
    check(wish);
    Caller caller = callers.streamReader(context, wish.credentials());
    Caller viewer = viewer(wish, caller);
    Filter filter = filter(wish, caller, viewer);
    streams.open(
        wish,
        Streams.Recall.NONE,
        true,
        caller,
        filter,
        channels.shape(),
        request,
        keep,
        sse,
        opened -> channels.begin(caller, viewer, filter, opened));
  }

  @HEAD
  @PermitAll
  public Response head(@BeanParam StreamRequest wish) {
    check(wish);
    Caller caller = callers.streamProbe(context, wish.credentials());
    Filter ignored = filter(wish, caller, viewer(wish, caller));
    return Streams.head(request);
  }

  /** What can be judged without knowing who asks, before a ticket is used up for it. */
  private void check(StreamRequest wish) {
    wish.check();
    channels.check(wish.selection().channels());
  }

  private static Caller viewer(StreamRequest wish, Caller caller) {
    return wish.selection().publicOnly() ? caller.asAnybody() : caller;
  }

  private Filter filter(StreamRequest wish, Caller caller, Caller viewer) {
    return wish.selection()
        .filter(caller)
        .withChannels(channels.admitted(wish.selection().channels(), viewer));
  }
}
