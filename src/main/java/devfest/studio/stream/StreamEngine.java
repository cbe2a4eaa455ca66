package devfest.studio.stream;

import devfest.studio.cluster.Peers;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Published;
import devfest.studio.events.TransientEvent;
import devfest.studio.hub.Hub;
import devfest.studio.hub.LogSource;
import devfest.studio.hub.Subscription;
import devfest.studio.hub.Turns;
import devfest.studio.log.EventLog;
import devfest.studio.log.LogBounds;
import devfest.studio.log.LogReader;
import devfest.studio.log.Pruned;
import devfest.studio.log.Tailer;
import devfest.studio.tracing.Step;
import devfest.studio.tracing.Tracing;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Connects the log's tailer to the hub, and owns the threads of the streams. Logged events are
 * delivered on the tailer's thread; transient events follow every event that was committed before
 * them. Safe for use from many threads between {@link #start} and {@link #stop}.
 */
@ApplicationScoped
public class StreamEngine {

  private static final Logger LOG = System.getLogger(StreamEngine.class.getName());

  /** Half of the shortest configurable heartbeat interval. */
  private static final long TICK_MILLIS = 500;

  /** How often other nodes receive the numbers of streams. */
  private static final long COUNT_MILLIS = 1_000;

  /** Events per query when the ring is filled at startup. */
  private static final int PRELOAD_BATCH = 500;

  /** How long clients have to read the close reason at shutdown: a few round trips. */
  private static final long CLOSE_MILLIS = 3_000;

  /** How often the shutdown checks whether the streams have ended. */
  private static final long POLL_MILLIS = 50;

  private final StreamSettings settings;
  private final Tailer tailer;
  private final LogReader log;
  private final Peers peers;
  private final SlotRelay slots;
  private final jakarta.enterprise.event.Event<Published> published;
  private final Tracing tracing;
  private final Clock clock;

  private volatile @Nullable Running running;

  /** The objects that exist only after the start. */
  private record Running(Hub hub, Turns turns, StreamThreads threads) {}

  @Inject
  StreamEngine(
      StreamSettings settings,
      Tailer tailer,
      LogReader log,
      Peers peers,
      SlotRelay slots,
      jakarta.enterprise.event.Event<Published> published,
      Tracing tracing,
      Clock clock) {
    this.settings = settings;
    this.tailer = tailer;
    this.log = log;
    this.peers = peers;
    this.slots = slots;
    this.published = published;
    this.tracing = tracing;
    this.clock = clock;
  }

  /** Starts delivery at the current end of the log. */
  public void start(ThreadFactory factory) {
    StreamThreads threads = new StreamThreads(factory);
    Turns turns = new Turns(threads.reader(), StreamThreads.READERS);
    LogBounds bounds = log.bounds();
    long head = bounds.latest();
    Hub hub = new Hub(settings.limits(), this::read, head, turns, clock);
    running = new Running(hub, turns, threads);
    // After a restart all clients reconnect at once, and resume from memory.
    preload(hub, Math.max(bounds.pruned(), head - Hub.RING_EVENTS), head);
    tailer.start(factory, head, this::publish);
    threads.every(TICK_MILLIS, this::tick);
    hub.slots().elsewhere(slots);
    threads.every(COUNT_MILLIS, this::count);
  }

  private void publish(List<LoggedEvent> batch) {
    batch.forEach(logged -> EventLog.erased(logged.event()).forEach(hub()::erase));
    try (Step step = tracing.following("deliver events", LoggedEvent.traces(batch))) {
      step.with("events", batch.size());
      hub().publish(batch);
    }
    published.fire(new Published(batch));
  }

  private void preload(Hub hub, long after, long head) {
    while (after < head) {
      List<LoggedEvent> events = log.read(after, (int) Math.min(PRELOAD_BATCH, head - after));
      if (events.isEmpty()) {
        return;
      }
      hub.preload(events);
      after = events.get(events.size() - 1).position();
    }
  }

  private LogSource.Page read(Filter filter, long after, int limit) {
    LogReader.Part part = log.part(filter, after, limit);
    return new LogSource.Page(
        part.events(), part.upTo(), part.bounds().pruned(), part.bounds().latest());
  }

  /** Catches every exception, because it would cancel the timer. */
  private void tick() {
    try {
      hub().tick();
    } catch (Throwable e) {
      LOG.log(Level.WARNING, "A tick of the streams' clock failed", e);
    }
  }

  /**
   * Refuses new streams, and closes the open ones evenly over a time, so that their clients do not
   * all reconnect to other nodes at once. Events are delivered meanwhile. Returns when no stream is
   * open.
   */
  public void drain(Duration over) {
    Hub hub = hub();
    hub.refuse();
    long total = hub.connections();
    long steps = over.toMillis() / POLL_MILLIS;
    try {
      for (long left = steps - 1; left >= 0 && hub.connections() > 0; left--) {
        hub.close((int) Math.max(0, hub.connections() - total * left / steps));
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether streams can be opened: false before the start, and as soon as the node drains. */
  public boolean isOpen() {
    return isRunning() && !hub().isClosed();
  }

  /** Catches every exception, because it would cancel the timer. */
  private void count() {
    try {
      peers.send(hub().connections());
      slots.send(hub().slots());
    } catch (Throwable e) {
      LOG.log(Level.WARNING, "The numbers of streams could not be sent to other nodes", e);
    }
  }

  /** Sends the close reason to every client, ends all streams and stops the threads. */
  public void stop() {
    tailer.stop();
    Hub hub = hub();
    StreamThreads threads = running().threads();
    threads.stopClock();
    hub.close();
    try {
      for (long waited = 0; hub.isDraining() && waited < CLOSE_MILLIS; waited += POLL_MILLIS) {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
      hub.abortDraining();
      if (!threads.stop(CLOSE_MILLIS)) {
        LOG.log(Level.INFO, "Some streams did not end in time. The server ends them.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Drops pruned events from memory, too. */
  void prune(@Observes(during = TransactionPhase.AFTER_SUCCESS) Pruned pruned) {
    tailer.afterReading(() -> hub().prune(pruned.position()));
  }

  /** Delivers a transient event after every event that was committed before it. */
  void deliver(@Observes TransientEvent event) {
    tailer.afterReading(() -> hub().publish(event));
  }

  /** Whether events are delivered: false before the start and after the stop. */
  public boolean isRunning() {
    return tailer.isRunning();
  }

  /** Replaces the filter after every event committed so far has been published. */
  public CompletionStage<Void> refilter(Subscription subscription, Filter filter) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    tailer.afterReading(
        () -> {
          hub().refilter(subscription, filter);
          done.complete(null);
        });
    return done;
  }

  /** The number of open streams of all nodes. */
  public int connections() {
    return hub().connections() + peers.connections();
  }

  /** The newest position that has been published on this node. */
  public long head() {
    return hub().head();
  }

  /** The number of open streams of this node that match at least one of the events. */
  public int matching(Collection<Event> events) {
    return hub().matching(events);
  }

  /** Adds frames that were delivered without a subscription to the number of delivered frames. */
  public void delivered(int frames) {
    hub().delivered(frames);
  }

  /** Runs the task after a delay in nanoseconds, on a thread that may block on the database. */
  public void later(long nanos, Runnable task) {
    running().threads().later(nanos, task);
  }

  /**
   * Runs the task now and after each pause in nanoseconds, like {@link #later}, whatever it throws.
   */
  public void repeat(long nanos, Runnable task) {
    later(
        0,
        () -> {
          try {
            task.run();
          } finally {
            later(nanos, () -> repeat(nanos, task));
          }
        });
  }

  /** Milliseconds after which a client that does not read is disconnected. */
  public long stallMillis() {
    return settings.stall().toMillis();
  }

  private Running running() {
    return Objects.requireNonNull(running, "The streams have not been started");
  }

  Hub hub() {
    return running().hub();
  }

  /** The turns in which the log is read for clients that are behind. */
  Turns turns() {
    return running().turns();
  }

  /** Writes all streams of this node but those over WebSockets. */
  Executor writer() {
    return running().threads().writer();
  }

  /** Writes all streams over WebSockets of this node. */
  Executor socketWriter() {
    return running().threads().socketWriter();
  }

  /** Completes the responses of streams. */
  Executor closer() {
    return running().threads().closer();
  }

  /** Completes requests that waited for events. */
  Executor answers() {
    return running().threads().worker();
  }
}
