package devfest.studio.feed;

import devfest.studio.events.Changed;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Published;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Sends the state of feeds to their clients when it changes. After a change, the state is read once
 * for all clients of one view, at most {@value #PER_SECOND} times per second, and broadcast. Safe
 * for use from many threads.
 */
@ApplicationScoped
class FeedGroups {

  /** Enough to look live; bounds the database reads of a busy feed. */
  static final int PER_SECOND = 10;

  static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

  /** Far longer than a client takes to join after its snapshot was read. */
  private static final long UNUSED_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** The pause after a failure, which is most likely an outage of the database. */
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** Spreads the database reads of all groups. */
  private static final int REFRESH_SECONDS = 2;

  private static final Logger LOG = System.getLogger(FeedGroups.class.getName());

  private final StreamEngine engine;
  private final Catalogue catalogue;
  private final Jsonb json;

  private final Map<FeedView<?>, FeedGroup> groups = new ConcurrentHashMap<>();

  @Inject
  FeedGroups(StreamEngine engine, Catalogue catalogue, Jsonb json) {
    this.engine = engine;
    this.catalogue = catalogue;
    this.json = json;
  }

  /**
   * The snapshot for a client that is about to join.
   *
   * @param changes the number of changes of the group before the snapshot was read
   */
  record Reading(FeedGroup group, long changes, StateFeed.Snapshot snapshot) {}

  /**
   * One feed of a channel that a client is about to follow.
   *
   * @param reading empty if the feed has no state
   * @param greeting what the client is sent first
   */
  record Part(FeedView<?> view, Optional<Reading> reading, List<Feed.Message> greeting) {}

  /** Reads what a client that is about to follow a channel is sent first. */
  List<Part> read(String channel, Caller viewer) {
    return catalogue.views(channel, viewer).orElse(List.of()).stream().map(this::part).toList();
  }

  private Part part(FeedView<?> view) {
    if (view.feed() instanceof StateFeed) {
      Reading reading = read(view);
      return new Part(view, Optional.of(reading), view.greeting(reading.snapshot()));
    }
    return new Part(view, Optional.empty(), view.recent());
  }

  /** Reads the snapshot for a client. The caller must then call {@link #join}. */
  Reading read(FeedView<?> view) {
    FeedGroup group = groups.computeIfAbsent(view, this::group);
    long changes =
        group.changes(); // before the snapshot, so that a concurrent change is sent again
    return new Reading(group, changes, view.snapshot());
  }

  private FeedGroup group(FeedView<?> view) {
    FeedGroup group = new FeedGroup(view, emptied -> engine.later(0, () -> drop(emptied)));
    engine.later(UNUSED_NANOS, () -> drop(group)); // the client may never join
    return group;
  }

  private void drop(FeedGroup group) {
    groups.computeIfPresent(
        group.view(), (view, present) -> present == group && group.isEmpty() ? null : present);
  }

  /** Sends the state to the client after each change since its snapshot was read. */
  void join(Reading reading, Sink client) {
    FeedGroup read = reading.group();
    AtomicBoolean same = new AtomicBoolean(true);
    FeedGroup group =
        groups.compute(
            read.view(),
            (view, present) -> { // a dropped group may have missed changes
              same.set(present == read);
              FeedGroup joined = present == null ? group(view) : present;
              joined.join(client);
              return joined;
            });
    boolean ended = read.view().end().isPresent();
    if (ended || !same.get() || group.changes() != reading.changes()) {
      schedule(group);
    } else if (!group.hasPulse()) {
      pulse(group);
    }
  }

  /** The data of a message. */
  String json(Feed.Message message) {
    return json.toJson(message.data());
  }

  void published(@Observes Published published) {
    if (groups.isEmpty()) {
      return;
    }
    for (Feed<?> feed : catalogue.feeds()) {
      if (feed instanceof StateFeed<?> state) {
        published.events().forEach(logged -> published(logged, state));
      }
    }
  }

  private void published(LoggedEvent logged, StateFeed<?> feed) {
    try {
      feed.changes(logged.event()).ifPresent(scopes -> changed(feed, scopes));
    } catch (RuntimeException e) {
      // Rethrowing would make the tailer deliver the events to all streams again.
      LOG.log(Level.WARNING, "A feed failed to process a published event", e);
    }
  }

  void changed(@Observes(during = TransactionPhase.AFTER_SUCCESS) Changed change) {
    for (Feed<?> feed : catalogue.on(change.channel())) {
      changed(feed, scope -> scope.shows(change.userId()));
    }
  }

  /** Sends the state of every group within {@value #REFRESH_SECONDS} seconds. */
  void refresh() {
    long spread = TimeUnit.SECONDS.toNanos(REFRESH_SECONDS);
    groups.values().forEach(group -> schedule(group, ThreadLocalRandom.current().nextLong(spread)));
  }

  private void changed(Feed<?> feed, Predicate<Scope> scopes) {
    groups.forEach(
        (view, group) -> {
          if (view.isOf(feed) && scopes.test(view.scope())) {
            schedule(group);
          }
        });
  }

  private void schedule(FeedGroup group) {
    schedule(group, 0);
  }

  private void schedule(FeedGroup group, long atLeast) {
    long delay = group.changed();
    if (delay >= 0) {
      engine.later(Math.max(delay, atLeast), () -> sendNow(group));
    }
  }

  private void sendNow(FeedGroup group) {
    synchronized (group.sendLock()) { // otherwise an older state could be sent last
      group.sending();
      sendState(group);
    }
  }

  private void sendState(FeedGroup group) {
    FeedView<?> view = group.view();
    drop(group);
    if (groups.get(view) != group) {
      return; // it has no clients, or was replaced by a newer group
    }
    try {
      Optional<String> end = view.end();
      for (Feed.Message message : view.state()) {
        engine.delivered(group.size());
        group.clients().broadcast(new TextEvent(end.orElse(null), message.name(), json(message)));
      }
      if (end.isPresent()) {
        groups.remove(view, group); // first, so that no client joins a closed group
        group.clients().close();
      } else {
        pulse(group);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "The state of a feed could not be sent. Retrying.", e);
      schedule(group, RETRY_NANOS);
    }
  }

  /** Schedules the next state of a feed with a pulse. */
  private void pulse(FeedGroup group) {
    group
        .view()
        .pulse()
        .ifPresent(
            wait -> {
              long pulse = group.newPulse();
              engine.later(
                  wait.toNanos(),
                  () -> {
                    if (group.isPulse(pulse)) { // otherwise the state was sent since
                      schedule(group);
                    }
                  });
            });
  }
}
