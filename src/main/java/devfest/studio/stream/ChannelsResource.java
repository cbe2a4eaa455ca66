package devfest.studio.stream;

import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.http.Problem;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.sse.EventStream;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Several channels over one connection: the studio's events, and every feed. */
@RequestScoped
@Path("/stream")
@Produces(MediaType.SERVER_SENT_EVENTS)
@Tag(name = "Events")
public class ChannelsResource {

  @Inject private Streams streams;
  @Inject private Feeds feeds;
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
    Caller viewer = wish.selection().publicOnly() ? caller.asAnybody() : caller;
    List<String> channels = channels(wish, viewer);
    Filter filter = wish.selection().filter(caller).withChannels(channels);
    streams.open(
        wish,
        caller,
        filter,
        feeds.channelled(),
        request,
        keep,
        sse,
        stream -> channels.forEach(channel -> begin(channel, viewer, stream, sse)));
  }

  private void begin(String channel, Caller caller, EventStream stream, Sse sse) {
    for (Feed feed : feeds.channels().getOrDefault(channel, List.of())) {
      Feeds.Reading reading = feeds.read(feed, caller);
      for (Feed.Message message : reading.snapshot().messages()) {
        // By a key, as what has one is never refused, however large the whole is.
        stream.replace(
            "snapshot " + channel + ' ' + message.name(),
            ChannelShape.frame(null, channel, message.name(), feeds.json(message)));
      }
      feeds.join(
          stream,
          reading,
          channel,
          event -> ChannelShape.frame(null, channel, event.getName(), (String) event.getData()),
          sse);
    }
  }

  @HEAD
  @PermitAll
  public Response head(@BeanParam StreamRequest wish) {
    check(wish);
    Caller caller = callers.streamProbe(context, wish.credentials());
    Caller viewer = wish.selection().publicOnly() ? caller.asAnybody() : caller;
    Filter ignored = wish.selection().filter(caller).withChannels(channels(wish, viewer));
    return Streams.head(request);
  }

  /** What can be judged without knowing who asks, before a ticket is used up for it. */
  private void check(StreamRequest wish) {
    wish.check();
    for (String channel : wish.selection().channels()) {
      if (!channel.equals(Event.STUDIO_CHANNEL) && !feeds.channels().containsKey(channel)) {
        throw Problem.badRequest(
            "There is no channel '" + channel + "', but events and " + feeds.channels().keySet());
      }
    }
  }

  /** Those that are named, or else all that the caller may follow. */
  private List<String> channels(StreamRequest wish, Caller caller) {
    Map<String, List<Feed>> known = feeds.channels();
    List<String> named = wish.selection().channels();
    if (named.isEmpty()) {
      List<String> all = new ArrayList<>(List.of(Event.STUDIO_CHANNEL));
      known.forEach(
          (channel, its) -> {
            if (its.stream().allMatch(feed -> feed.admits(caller))) {
              all.add(channel);
            }
          });
      return all;
    }
    for (String channel : named) {
      List<Feed> its = known.getOrDefault(channel, List.of());
      if (!its.stream().allMatch(feed -> feed.admits(caller))) {
        throw new Problem(403, "forbidden", "The channel '" + channel + "' is not for this caller");
      }
    }
    return named.stream().distinct().toList();
  }
}
