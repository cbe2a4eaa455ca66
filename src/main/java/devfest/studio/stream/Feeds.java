package devfest.studio.stream;

import devfest.studio.events.Audience;
import devfest.studio.events.Changed;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Published;
import devfest.studio.http.Problem;
import devfest.studio.hub.Format;
import devfest.studio.hub.Shape;
import devfest.studio.hub.Subscription;
import devfest.studio.hub.Transport;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.security.Visitor;
import devfest.studio.sse.Conflation;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import devfest.studio.sse.Sink;
import devfest.studio.sse.TextEvent;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.Session;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Opens the streams of feeds and tells them what changes.
 *
 * <p>A change of state, heard of from the log, is told to all who see the same at once: their state
 * is read once, at most {@value #PER_SECOND} times a second, and broadcast. Items go the way of all
 * events of the log, by a cursor. Safe for use from many threads.
 */
@ApplicationScoped
public class Feeds {

  static final int PER_SECOND = 10;
  static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

  private static final long UNUSED_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final Logger LOG = System.getLogger(Feeds.class.getName());

  @Inject private Relay relay;
  @Inject private Streams streams;
  @Inject private Callers callers;
  @Inject private Jsonb json;
  @Inject @Any private Instance<Feed> beans;

  /** By the feed's class, as beans of one scope may stand behind several proxies. */
  private record Key(Class<?> feed, String view) {

    static Key of(Feed feed, String view) {
      return new Key(feed.getClass(), view);
    }

    boolean is(Feed other) {
      return feed.equals(other.getClass());
    }
  }

  private List<Feed> feeds = List.of();
  private final Map<String, List<Feed>> channels = new LinkedHashMap<>();
  private final Map<Key, FeedGroup> groups = new ConcurrentHashMap<>();
  private final Map<Class<?>, Shape> items = new ConcurrentHashMap<>();
  private final Shape channelled = new ChannelShape(this);

  /** How the log's events look on the stream of several channels. */
  Shape channelled() {
    return channelled;
  }

  @PostConstruct
  void find() {
    feeds = beans.stream().sorted(Comparator.comparing(feed -> feed.getClass().getName())).toList();
    feeds.forEach(
        feed -> channels.computeIfAbsent(feed.channel(), c -> new ArrayList<>()).add(feed));
  }

  /** The names of channels; of a feed of many without the thing's id. */
  Set<String> names() {
    return channels.keySet();
  }

  /** The feeds whose channel this is. */
  List<Feed> on(String channel) {
    int slash = channel.indexOf('/');
    String name = slash < 0 ? channel : channel.substring(0, slash);
    return channels.getOrDefault(name, List.of()).stream()
        .filter(feed -> feed.ofMany() == slash >= 0)
        .toList();
  }

  /** The view that the caller has of each feed of the channel; empty when of one he has none. */
  Optional<Map<Feed, String>> views(String channel, Caller caller) {
    int slash = channel.indexOf('/');
    String id = slash < 0 ? null : channel.substring(slash + 1);
    Map<Feed, String> views = new LinkedHashMap<>();
    for (Feed feed : on(channel)) {
      Optional<String> view = feed.view(caller, id);
      if (view.isEmpty()) {
        return Optional.empty();
      }
      views.put(feed, view.get());
    }
    return Optional.of(views);
  }

  /** Every channel that the caller may follow. */
  List<String> all(Caller caller) {
    List<String> all = new ArrayList<>();
    channels.forEach(
        (name, its) -> {
          if (!on(name).isEmpty() && views(name, caller).isPresent()) {
            all.add(name);
          }
          its.forEach(feed -> feed.ids(caller).forEach(id -> all.add(name + '/' + id)));
        });
    return all;
  }

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
          opened -> enter(feed, view, caller, opened.stream()));
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
          long head = relay.hub().head(); // before the snapshot, which has all up to here
          Reading reading = read(feed, view);
          Long position = reading.snapshot().position();
          return new Streams.Beginning(
              position == null ? head : Math.max(head, position),
              stream -> {
                streams.pad(stream, padding);
                begin(stream, sse, feed, view, reading.snapshot());
                join(reading, Conflation.whole(stream, feed.named() ? Frame::of : Feeds::unnamed));
                enter(feed, view, caller, stream);
              });
        });
  }

  /** Tells the feed of one who follows it, and of the end of that. */
  void enter(Feed feed, String view, Caller caller, Sink by) {
    feed.joined(caller, view);
    by.ended().whenComplete((none, fault) -> feed.left(caller, view));
  }

  /** Runs the task after a time, on a thread that may wait for the database. */
  public void later(Duration time, Runnable task) {
    relay.later(time.toNanos(), task);
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
        () ->
            caller.anonymous()
                ? new NotAuthorizedException("Token required", "Bearer")
                : new ForbiddenException("This needs a role that the token does not have"));
  }

  /** A feed as it was read for one who is about to follow it, and how much had changed by then. */
  record Reading(FeedGroup group, long changes, Feed.Snapshot snapshot) {}

  Reading read(Feed feed, String view) {
    FeedGroup group = groups.computeIfAbsent(Key.of(feed, view), key -> group(feed, view));
    long changes = group.changes(); // before the snapshot: what changes meanwhile is told again
    return new Reading(group, changes, feed.snapshot(view));
  }

  private FeedGroup group(Feed feed, String view) {
    FeedGroup group = new FeedGroup(feed, view, emptied -> relay.later(0, () -> drop(emptied)));
    relay.later(UNUSED_NANOS, () -> drop(group)); // whoever it was made for may not have joined
    return group;
  }

  private void drop(FeedGroup group) {
    groups.computeIfPresent(
        Key.of(group.feed(), group.view()),
        (key, present) -> present == group && group.isEmpty() ? null : present);
  }

  /** Puts the reader among those who are told. */
  void join(Reading reading, Sink reader) {
    FeedGroup read = reading.group();
    AtomicBoolean heard = new AtomicBoolean(true);
    FeedGroup group =
        groups.compute(
            Key.of(read.feed(), read.view()),
            (key, present) -> { // it may have been dropped meanwhile, and heard nothing
              heard.set(present == read);
              FeedGroup joined = present == null ? group(read.feed(), read.view()) : present;
              joined.join(reader);
              return joined;
            });
    boolean over = read.feed().end(read.view()).isPresent();
    if (over || !heard.get() || group.changes() != reading.changes()) {
      tell(group);
    } else if (!group.hasPulse()) {
      pulse(group);
    }
  }

  /**
   * Lets a WebSocket follow the feed: its state at once and on each change.
   *
   * @param close ends it, for a reason such as {@code token_expired}
   * @throws Problem 429 or 503 when there is no place for it
   */
  SocketSink follow(Feed feed, Visitor visitor, Session session, Consumer<String> close) {
    Caller caller = visitor.caller();
    String view = view(feed, null, caller);
    Filter filter =
        Filter.of(Audience.of(caller.userId(), caller.admin()))
            .withChannels(List.of(feed.channel()));
    Subscription place =
        streams.subscribe(caller, filter, Transport.WEBSOCKET, Format.USUAL, visitor.address());
    try {
      SocketSink sink = new SocketSink(session);
      session.getAsyncRemote().setSendTimeout(relay.stallMillis());
      sink.ended()
          .whenComplete(
              (none, fault) -> {
                place.cancel();
                if (fault != null) {
                  close.accept("failed");
                }
              });
      place.whenReady(() -> place.closed().ifPresent(close));
      place.closed().ifPresent(close); // meanwhile
      Reading reading = read(feed, view);
      reading.snapshot().messages().forEach(message -> sink.send(json(message)));
      join(reading, sink);
      return sink;
    } catch (RuntimeException e) {
      place.cancel();
      throw e;
    }
  }

  /** Tells one reader the state that all see. */
  void tell(Feed feed, SocketSink sink) {
    feed.state(Feed.ALL).forEach(message -> sink.send(json(message)));
  }

  private static Frame unnamed(OutboundSseEvent event) {
    return Frame.event(event.getId(), null, (String) event.getData());
  }

  private void begin(EventStream stream, Sse sse, Feed feed, String view, Feed.Snapshot snapshot) {
    // Where it is over already, the last state follows, under its id; it need not come twice.
    Set<String> again =
        feed.end(view).isEmpty()
            ? Set.of()
            : feed.state(view).stream().map(Feed.Message::name).collect(Collectors.toSet());
    String last = snapshot.position() == null ? null : Long.toString(snapshot.position());
    boolean first = true;
    for (Feed.Message message : snapshot.messages()) {
      if (again.contains(message.name())) {
        continue;
      }
      OutboundSseEvent.Builder event =
          sse.newEventBuilder()
              .id(last)
              .name(feed.named() ? message.name() : null)
              .data(json.toJson(message.data()));
      if (first) {
        event.reconnectDelay(streams.retryMillis());
      }
      // By a key, as what has one is never refused, however large the whole is.
      stream.replace("snapshot " + message.name(), Frame.of(event.build()));
      first = false;
    }
  }

  /** The event as an item of the feed whose channel it is on. */
  Optional<Feed.Message> item(Event event) {
    return on(event.channel()).stream().flatMap(feed -> feed.item(event).stream()).findFirst();
  }

  /** The data of a message. */
  String json(Feed.Message message) {
    return json.toJson(message.data());
  }

  // ---- what changes

  void published(@Observes Published published) {
    if (groups.isEmpty()) {
      return;
    }
    for (Feed feed : feeds) {
      try {
        for (LoggedEvent logged : published.events()) {
          feed.changes(logged.event()).ifPresent(views -> changed(feed, views));
        }
      } catch (RuntimeException e) {
        // Were it thrown on, all readers would get the events once more.
        LOG.log(Level.WARNING, "A feed could not hear of what was published", e);
      }
    }
  }

  void changed(@Observes(during = TransactionPhase.AFTER_SUCCESS) Changed change) {
    for (Feed feed : on(change.channel())) {
      changed(feed, Feed.viewsOf(change.userId()));
    }
  }

  private void changed(Feed feed, Predicate<String> views) {
    groups.forEach(
        (key, group) -> {
          if (key.is(feed) && views.test(key.view())) {
            tell(group);
          }
        });
  }

  private void tell(FeedGroup group) {
    tell(group, 0);
  }

  private void tell(FeedGroup group, long atLeast) {
    long delay = group.changed();
    if (delay >= 0) {
      relay.later(Math.max(delay, atLeast), () -> tellNow(group));
    }
  }

  private void tellNow(FeedGroup group) {
    synchronized (group.turn()) { // or an older state might be told last
      group.telling();
      tellState(group);
    }
  }

  private void tellState(FeedGroup group) {
    Key key = Key.of(group.feed(), group.view());
    if (groups.computeIfPresent(key, (k, present) -> present.isEmpty() ? null : present) == null) {
      return;
    }
    try {
      Optional<String> end = group.feed().end(group.view());
      for (Feed.Message message : group.feed().state(group.view())) {
        relay.hub().delivered(group.size());
        group
            .readers()
            .broadcast(
                new TextEvent(end.orElse(null), message.name(), json.toJson(message.data())));
      }
      if (end.isPresent()) {
        groups.remove(key, group); // first, so that nobody joins what is closed
        group.readers().close();
      } else {
        pulse(group);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "A feed's state could not be told, tries again", e);
      tell(group, AGAIN_NANOS);
    }
  }

  /** Arranges the next telling of what changes by itself. */
  private void pulse(FeedGroup group) {
    group
        .feed()
        .pulse(group.view())
        .ifPresent(
            wait -> {
              long pulse = group.newPulse();
              relay.later(
                  wait.toNanos(),
                  () -> {
                    if (group.isPulse(pulse)) { // or it was told meanwhile
                      tell(group);
                    }
                  });
            });
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
          .map(item -> Frame.event(id, item.name(), json.toJson(item.data())))
          .orElse(null);
    }

    @Override
    public String controlData(String id, String type, Instant now, String data) {
      return data;
    }
  }
}
