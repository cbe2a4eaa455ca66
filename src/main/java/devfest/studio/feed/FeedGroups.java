package devfest.studio.feed;

import static java.util.stream.Collectors.toSet;

import devfest.studio.events.Changed;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Published;
import devfest.studio.hub.Subscription;
import devfest.studio.security.Caller;
import devfest.studio.sse.Sink;
import devfest.studio.sse.TextEvent;
import devfest.studio.stream.StreamEngine;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Tells those who follow feeds what changes.
 *
 * <p>A change of state, heard of from the log, is told to all who see the same at once: their state
 * is read once, at most {@value #PER_SECOND} times a second, and broadcast. Safe for use from many
 * threads.
 */
@ApplicationScoped
class FeedGroups {

  static final int PER_SECOND = 10;
  static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

  private static final long UNUSED_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final Logger LOG = System.getLogger(FeedGroups.class.getName());

  @Inject private StreamEngine engine;
  @Inject private Catalogue catalogue;
  @Inject private Jsonb json;

  /** By the feed's class, as beans of one scope may stand behind several proxies. */
  private record Key(Class<?> feed, String view) {

    static Key of(Feed feed, String view) {
      return new Key(feed.getClass(), view);
    }

    boolean is(Feed other) {
      return feed.equals(other.getClass());
    }
  }

  private final Map<Key, FeedGroup> groups = new ConcurrentHashMap<>();

  /** A feed as it was read for one who is about to follow it, and how much had changed by then. */
  record Reading(FeedGroup group, long changes, Feed.Snapshot snapshot) {}

  Reading read(Feed feed, String view) {
    FeedGroup group = groups.computeIfAbsent(Key.of(feed, view), key -> group(feed, view));
    long changes = group.changes(); // before the snapshot: what changes meanwhile is told again
    return new Reading(group, changes, feed.snapshot(view));
  }

  private FeedGroup group(Feed feed, String view) {
    FeedGroup group = new FeedGroup(feed, view, emptied -> engine.later(0, () -> drop(emptied)));
    engine.later(UNUSED_NANOS, () -> drop(group)); // whoever it was made for may not have joined
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
   * What comes first of a snapshot: all, but of a feed that is over already what its last state,
   * which follows under its id, tells again.
   */
  static List<Feed.Message> greeting(Feed feed, String view, Feed.Snapshot snapshot) {
    if (feed.end(view).isEmpty()) {
      return snapshot.messages();
    }
    Set<String> again = feed.state(view).stream().map(Feed.Message::name).collect(toSet());
    return snapshot.messages().stream().filter(each -> !again.contains(each.name())).toList();
  }

  /** Tells the feed of one who follows it, and of the end of that. */
  static void enter(Feed feed, String view, Caller caller, Sink by, Subscription place) {
    boolean probed = feed.tellsOfReaders();
    if (probed) {
      place.probe(true);
    }
    feed.joined(caller, view);
    by.ended()
        .whenComplete(
            (none, fault) -> {
              feed.left(caller, view);
              if (probed) {
                place.probe(false);
              }
            });
  }

  /** The data of a message. */
  String json(Feed.Message message) {
    return json.toJson(message.data());
  }

  void published(@Observes Published published) {
    if (groups.isEmpty()) {
      return;
    }
    for (Feed feed : catalogue.feeds()) {
      for (LoggedEvent logged : published.events()) {
        published(logged, feed);
      }
    }
  }

  private void published(LoggedEvent logged, Feed feed) {
    try {
      feed.changes(logged.event()).ifPresent(views -> changed(feed, views));
    } catch (RuntimeException e) {
      // Were it thrown on, all readers would get the events once more.
      LOG.log(Level.WARNING, "A feed could not hear of what was published", e);
    }
  }

  void changed(@Observes(during = TransactionPhase.AFTER_SUCCESS) Changed change) {
    for (Feed feed : catalogue.on(change.channel())) {
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
      engine.later(Math.max(delay, atLeast), () -> tellNow(group));
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
    drop(group);
    if (groups.get(key) != group) {
      return; // nobody follows it, or others have one of their own since
    }
    try {
      Optional<String> end = group.feed().end(group.view());
      for (Feed.Message message : group.feed().state(group.view())) {
        engine.delivered(group.size());
        group.readers().broadcast(new TextEvent(end.orElse(null), message.name(), json(message)));
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
              engine.later(
                  wait.toNanos(),
                  () -> {
                    if (group.isPulse(pulse)) { // or it was told meanwhile
                      tell(group);
                    }
                  });
            });
  }
}
