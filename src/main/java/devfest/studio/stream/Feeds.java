package devfest.studio.stream;

import devfest.studio.events.Audience;
import devfest.studio.events.Changed;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Published;
import devfest.studio.hub.Format;
import devfest.studio.hub.Shape;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import devfest.studio.sse.Conflation;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Predicate;

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
  private volatile Sse events;

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

  /** The feeds of each channel. */
  Map<String, List<Feed>> channels() {
    return channels;
  }

  /**
   * Opens the feed's own stream for whoever asks.
   *
   * @throws NotAuthorizedException without a token, where one is needed
   * @throws ForbiddenException when the caller's token does not suffice
   */
  public void open(
      Feed feed,
      StreamRequest wish,
      SecurityContext context,
      HttpServletRequest request,
      AsyncResponse keep,
      Sse sse) {
    wish.check();
    Caller caller = admitted(feed, callers.streamReader(context, wish.credentials()));
    Filter filter = filter(caller, List.of(feed.channel()));
    Format format = wish.format(items.computeIfAbsent(feed.getClass(), c -> new Items(feed)));
    int padding = wish.padding();
    streams.open(
        caller,
        filter,
        format,
        request,
        keep,
        () -> {
          long head = relay.hub().head(); // before the snapshot, which has all up to here
          Reading reading = read(feed, caller);
          Long position = reading.snapshot().position();
          return new Streams.Beginning(
              position == null ? head : Math.max(head, position),
              stream -> {
                streams.pad(stream, padding);
                begin(stream, sse, reading.snapshot());
                join(stream, reading, feed.channel(), Frame::of, sse);
              });
        });
  }

  /** The answer to a HEAD for the feed. */
  public Response head(
      Feed feed, StreamRequest wish, SecurityContext context, HttpServletRequest request) {
    wish.check();
    admitted(feed, callers.streamProbe(context, wish.credentials()));
    return Streams.head(request);
  }

  private static Caller admitted(Feed feed, Caller caller) {
    if (!feed.admits(caller)) {
      throw caller.anonymous()
          ? new NotAuthorizedException("Token required", "Bearer")
          : new ForbiddenException("This needs a role that the token does not have");
    }
    return caller;
  }

  private static Filter filter(Caller caller, List<String> channels) {
    return Filter.of(Audience.of(caller.userId(), caller.admin())).withChannels(channels);
  }

  /** A feed as it was read for one who is about to follow it, and how much had changed by then. */
  record Reading(FeedGroup group, long changes, Feed.Snapshot snapshot) {}

  Reading read(Feed feed, Caller caller) {
    String view = feed.view(caller);
    FeedGroup group = groups.computeIfAbsent(Key.of(feed, view), key -> new FeedGroup(feed, view));
    long changes = group.changes(); // before the snapshot: what changes meanwhile is told again
    return new Reading(group, changes, feed.snapshot(view));
  }

  /** Puts the reader among those who are told. */
  void join(
      EventStream stream,
      Reading reading,
      String name,
      Function<OutboundSseEvent, Frame> shape,
      Sse sse) {
    events = sse;
    FeedGroup read = reading.group();
    Conflation reader =
        new Conflation(stream, name + ' ' + read.feed().getClass().getName(), shape);
    AtomicBoolean heard = new AtomicBoolean(true);
    FeedGroup group =
        groups.compute(
            Key.of(read.feed(), read.view()),
            (key, present) -> { // it may have been dropped as empty meanwhile, and heard nothing
              heard.set(present == read);
              FeedGroup joined = present == null ? read : present;
              joined.join(reader);
              return joined;
            });
    if (!heard.get() || group.changes() != reading.changes()) {
      tell(group);
    }
  }

  private void begin(EventStream stream, Sse sse, Feed.Snapshot snapshot) {
    String last = snapshot.position() == null ? null : Long.toString(snapshot.position());
    boolean first = true;
    for (Feed.Message message : snapshot.messages()) {
      OutboundSseEvent.Builder event =
          sse.newEventBuilder().id(last).name(message.name()).data(json.toJson(message.data()));
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
    return channels.getOrDefault(event.channel(), List.of()).stream()
        .flatMap(feed -> feed.item(event).stream())
        .findFirst();
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
    for (Feed feed : channels.getOrDefault(change.channel(), List.of())) {
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
    if (groups.computeIfPresent(
            Key.of(group.feed(), group.view()),
            (key, present) -> present.isEmpty() ? null : present)
        == null) {
      return;
    }
    try {
      for (Feed.Message message : group.feed().state(group.view())) {
        group
            .readers()
            .broadcast(
                events
                    .newEventBuilder()
                    .name(message.name())
                    .data(json.toJson(message.data()))
                    .build());
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "A feed's state could not be told, tries again", e);
      tell(group, AGAIN_NANOS);
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
          .map(item -> Frame.event(id, item.name(), json.toJson(item.data())))
          .orElse(null);
    }
  }
}
