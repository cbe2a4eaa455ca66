package devfest.studio.feed;

import devfest.studio.events.Audience;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.http.Problem;
import devfest.studio.hub.Format;
import devfest.studio.hub.Shape;
import devfest.studio.hub.Subscription;
import devfest.studio.hub.Transport;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.sse.Conflation;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import devfest.studio.sse.Sink;
import devfest.studio.sse.TextEvent;
import devfest.studio.stream.StreamEngine;
import devfest.studio.stream.StreamRequest;
import devfest.studio.stream.Streams;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens the streams of feeds. State comes from a {@link FeedGroup}; items go the way of all events
 * of the log, by a cursor. Safe for use from many threads.
 */
@ApplicationScoped
public class Feeds {

  @Inject private StreamEngine engine;
  @Inject private Streams streams;
  @Inject private FeedGroups groups;
  @Inject private Callers callers;

  private final Map<Class<?>, Shape> items = new ConcurrentHashMap<>();

  /**
   * Opens the feed's own stream for whoever asks; see {@link #open(Feed, String, StreamRequest,
   * SecurityContext, HttpServletRequest, AsyncResponse, Sse)}.
   */
  public void open(
      Feed feed,
      StreamRequest wish,
      SecurityContext context,
      HttpServletRequest request,
      AsyncResponse keep,
      Sse sse) {
    open(feed, null, wish, context, request, keep, sse);
  }

  /**
   * Opens the stream of one of the things that the feed is of.
   *
   * @throws NotAuthorizedException without a token, where one is needed
   * @throws ForbiddenException when the caller's token does not suffice
   * @throws Problem 404 when there is no such thing, for the caller
   */
  public void open(
      Feed feed,
      String id,
      StreamRequest wish,
      SecurityContext context,
      HttpServletRequest request,
      AsyncResponse keep,
      Sse sse) {
    wish.check();
    Caller caller = callers.streamReader(context, wish.credentials());
    String view = view(feed, id, caller);
    if (wish.resumption().equals(feed.end(view)) && wish.resumption().isPresent()) {
      boolean ignored = keep.resume(Response.noContent().build());
      return;
    }
    String channel = id == null ? feed.channel() : feed.channel() + '/' + id;
    Filter filter =
        Filter.of(Audience.of(caller.userId(), caller.admin())).withChannels(List.of(channel));
    Shape shape = items.computeIfAbsent(feed.getClass(), c -> new Items(feed));
    if (feed.resumes()) {
      streams.open(
          wish,
          new Streams.Recall(feed.recalls(), feed.recalled()),
          feed.greets(),
          caller,
          filter,
          shape,
          request,
          keep,
          sse,
          opened -> FeedGroups.enter(feed, view, caller, opened.stream(), opened.subscription()));
      return;
    }
    int padding = wish.padding();
    streams.open(
        caller,
        filter,
        wish.format(shape),
        request,
        keep,
        subscription -> {
          long head = engine.hub().head(); // before the snapshot, which has all up to here
          FeedGroups.Reading reading = groups.read(feed, view);
          Long position = reading.snapshot().position();
          return new Streams.Beginning(
              position == null ? head : Math.max(head, position),
              stream -> {
                streams.pad(stream, padding);
                begin(stream, sse, feed, view, reading.snapshot());
                Conflation sink =
                    Conflation.whole(stream, feed.named() ? Frame::of : Feeds::unnamed);
                groups.join(reading, feed.tellsOfItems() ? sink.last() : sink);
                FeedGroups.enter(feed, view, caller, stream, subscription);
              });
        });
  }

  /** Runs the task after a time, on a thread that may wait for the database. */
  public void later(Duration time, Runnable task) {
    engine.later(time.toNanos(), task);
  }

  /** The answer to a HEAD for the feed. */
  public Response head(
      Feed feed, StreamRequest wish, SecurityContext context, HttpServletRequest request) {
    return head(feed, null, wish, context, request);
  }

  /** The answer to a HEAD for one of the things that the feed is of. */
  public Response head(
      Feed feed,
      String id,
      StreamRequest wish,
      SecurityContext context,
      HttpServletRequest request) {
    wish.check();
    String ignored = view(feed, id, callers.streamProbe(context, wish.credentials()));
    return Streams.head(request);
  }

  private static String view(Feed feed, String id, Caller caller) {
    Optional<String> view = feed.view(caller, id);
    if (view.isEmpty() && id != null) {
      throw Problem.notFound("stream");
    }
    return view.orElseThrow(
        () -> Callers.refusal(caller, "This needs a role that the token does not have"));
  }

  /**
   * Takes a place for a caller who is about to follow the feed by other means than a stream.
   *
   * @param address of the client
   * @throws NotAuthorizedException without a token, where one is needed
   * @throws ForbiddenException when the caller's token does not suffice
   * @throws Problem 503 when the studio is full, 429 when the caller has too many places
   */
  public Subscription subscribe(Feed feed, Caller caller, Transport transport, String address) {
    String ignored = view(feed, null, caller);
    Filter filter =
        Filter.of(Audience.of(caller.userId(), caller.admin()))
            .withChannels(List.of(feed.channel()));
    return streams.subscribe(caller, filter, transport, Format.USUAL, address);
  }

  /** Sends the feed's snapshot to the sink, and from then on the state after each change. */
  public void follow(Feed feed, Caller caller, Sink sink) {
    FeedGroups.Reading reading = groups.read(feed, view(feed, null, caller));
    send(reading.snapshot().messages(), sink);
    groups.join(reading, sink);
  }

  /** Sends the present state to the sink once. */
  public void sync(Feed feed, Caller caller, Sink sink) {
    send(feed.state(view(feed, null, caller)), sink);
  }

  private void send(List<Feed.Message> messages, Sink sink) {
    for (Feed.Message message : messages) {
      var ignored = sink.send(new TextEvent(null, message.name(), groups.json(message)));
    }
  }

  private static Frame unnamed(OutboundSseEvent event) {
    return Frame.event(event.getId(), null, (String) event.getData());
  }

  private void begin(EventStream stream, Sse sse, Feed feed, String view, Feed.Snapshot snapshot) {
    String last = snapshot.position() == null ? null : Long.toString(snapshot.position());
    boolean first = true;
    for (Feed.Message message : FeedGroups.greeting(feed, view, snapshot)) {
      OutboundSseEvent.Builder event =
          sse.newEventBuilder()
              .id(last)
              .name(feed.named() ? message.name() : null)
              .data(groups.json(message));
      if (first) {
        event.reconnectDelay(streams.retryMillis());
      }
      // By a key, as what has one is never refused, however large the whole is.
      stream.replace("snapshot " + message.name(), Frame.of(event.build()));
      first = false;
    }
  }

  /** Items of one feed: named, their data bare. */
  private final class Items extends Shape {

    private final Feed feed;

    Items(Feed feed) {
      this.feed = feed;
    }

    @Override
    public Frame frame(String id, Event event, String envelope) {
      return feed.item(event)
          .map(item -> Frame.event(id, item.name(), groups.json(item)))
          .orElse(null);
    }

    @Override
    public String controlData(String id, String type, Instant now, String data) {
      return data;
    }
  }
}
