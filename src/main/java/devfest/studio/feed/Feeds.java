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
import devfest.studio.socket.FeedSocket;
import devfest.studio.socket.SocketSink;
import devfest.studio.socket.Visitor;
import devfest.studio.sse.Conflation;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
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
import java.util.function.Consumer;

/**
 * Opens the streams of feeds. State comes from a {@link FeedGroup}; items go the way of all events
 * of the log, by a cursor. Safe for use from many threads.
 */
@ApplicationScoped
public class Feeds {

  /** How long a WebSocket may take from its handshake until it is open. */
  private static final Duration HANDSHAKE = Duration.ofSeconds(30);

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
          long head = engine.head(); // before the snapshot, which has all up to here
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

  /** See {@link FeedSocket#admit}. */
  public Visitor admit(Feed feed, Caller caller, String address) {
    String ignored = view(feed, null, caller);
    Filter filter =
        Filter.of(Audience.of(caller.userId(), caller.admin()))
            .withChannels(List.of(feed.channel()));
    Visitor visitor =
        new Visitor(
            caller, streams.subscribe(caller, filter, Transport.WEBSOCKET, Format.USUAL, address));
    later(HANDSHAKE, visitor::giveUp);
    return visitor;
  }

  /**
   * Lets a WebSocket follow the feed: its state at once and on each change.
   *
   * @param close ends it, for a reason such as {@code token_expired}
   */
  public void follow(Feed feed, Visitor visitor, SocketSink sink, Consumer<String> close) {
    Subscription place = visitor.place();
    sink.ended()
        .exceptionally(
            fault -> {
              close.accept("failed");
              return null;
            });
    Runnable closing = () -> place.closed().ifPresent(close);
    place.whenReady(() -> engine.later(0, closing)); // never by the streams' clock
    closing.run(); // of what has come meanwhile
    if (sink.isClosed()) {
      return;
    }
    FeedGroups.Reading reading = groups.read(feed, view(feed, null, visitor.caller()));
    reading.snapshot().messages().forEach(message -> sink.send(groups.json(message)));
    groups.join(reading, sink);
  }

  /** How long a reader may take for a message. */
  public long patienceMillis() {
    return engine.stallMillis();
  }

  /** Tells one reader the present state. */
  public void tell(Feed feed, Visitor visitor, SocketSink sink) {
    feed.state(view(feed, null, visitor.caller()))
        .forEach(message -> sink.send(groups.json(message)));
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
