package devfest.studio.stream;

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
import devfest.studio.security.SessionEnded;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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
 * Joins the log's tailer to the hub, and owns the threads of the streams. What is logged goes out
 * on the tailer's thread, what is transient follows whatever was committed before it. Safe for use
 * from many threads between {@link #start} and {@link #stop}.
 */
@ApplicationScoped
public class StreamEngine {

  private static final Logger LOG = System.getLogger(StreamEngine.class.getName());

  /** Half of the shortest interval that a heartbeat may be configured to. */
  private static final long TICK_MILLIS = 500;

  /** Read in one query when the ring is filled at the start. */
  private static final int RECALLED = 500;

  /** How long clients have to take the reason of their end at the stop. */
  private static final long FAREWELL_MILLIS = 3_000;

  private final StreamSettings settings;
  private final Tailer tailer;
  private final LogReader log;
  private final jakarta.enterprise.event.Event<Published> published;

  private volatile @Nullable Running running;

  /** What there is only from the start on. */
  private record Running(Hub hub, Turns turns, StreamThreads threads) {}

  @Inject
  StreamEngine(
      StreamSettings settings,
      Tailer tailer,
      LogReader log,
      jakarta.enterprise.event.Event<Published> published) {
    this.settings = settings;
    this.tailer = tailer;
    this.log = log;
    this.published = published;
  }

  /** Begins to deliver, from the log's present end on. */
  public void start(ThreadFactory factory) {
    StreamThreads threads = new StreamThreads(factory);
    Turns turns = new Turns(threads.reader(), StreamThreads.READERS);
    LogBounds bounds = log.bounds();
    long head = bounds.latest();
    Hub hub = new Hub(settings.limits(), this::read, head, turns);
    running = new Running(hub, turns, threads);
    // Clients that come back after a restart, all at once, find what they missed in memory.
    recall(hub, Math.max(bounds.pruned(), head - Hub.RING_EVENTS), head);
    tailer.start(factory, head, this::publish);
    threads.every(TICK_MILLIS, this::tick);
  }

  private void publish(List<LoggedEvent> batch) {
    batch.forEach(logged -> EventLog.erased(logged.event()).ifPresent(hub()::erase));
    hub().publish(batch);
    published.fire(new Published(batch));
  }

  private void recall(Hub hub, long after, long head) {
    while (after < head) {
      List<LoggedEvent> events = log.read(after, (int) Math.min(RECALLED, head - after));
      if (events.isEmpty()) {
        return;
      }
      hub.recall(events);
      after = events.get(events.size() - 1).position();
    }
  }

  private LogSource.Page read(Filter filter, long after, int limit) {
    LogReader.Part part = log.part(filter, after, limit);
    return new LogSource.Page(
        part.events(), part.upTo(), part.bounds().pruned(), part.bounds().latest());
  }

  /** A failure here must not end all heartbeats. */
  private void tick() {
    try {
      hub().tick();
    } catch (Throwable e) {
      LOG.log(Level.WARNING, "The streams' clock missed a tick", e);
    }
  }

  /** Sends every client the reason, ends its stream and stops. */
  public void stop() {
    tailer.stop();
    Hub hub = hub();
    StreamThreads threads = running().threads();
    threads.stopClock();
    hub.close();
    try {
      for (long waited = 0; hub.isLeaving() && waited < FAREWELL_MILLIS; waited += 50) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      hub.abandon();
      if (!threads.stop(FAREWELL_MILLIS)) {
        LOG.log(Level.INFO, "Some streams are left to the server to end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the streams that a session opened when it ends. */
  void end(@Observes SessionEnded ended) {
    hub().revoke(subscriber -> ended.session().equals(subscriber.session()));
  }

  /** What has been removed from the log is no longer given from memory either. */
  void forget(@Observes(during = TransactionPhase.AFTER_SUCCESS) Pruned pruned) {
    tailer.afterReading(() -> hub().forget(pruned.position()));
  }

  /** Delivers a transient event after whatever was committed before it. */
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

  /** The newest position that has been published on this node. */
  public long head() {
    return hub().head();
  }

  /** How many open streams of this node get at least one of the events. */
  public int matching(Collection<Event> events) {
    return hub().matching(events);
  }

  /** Counts frames that were given to clients by another way than a subscription. */
  public void delivered(int frames) {
    hub().delivered(frames);
  }

  /** Runs the task after so many nanoseconds, on a thread that may wait for the database. */
  public void later(long nanos, Runnable task) {
    running().threads().later(nanos, task);
  }

  public long stallMillis() {
    return settings.stall().toMillis();
  }

  private Running running() {
    return Objects.requireNonNull(running, "The streams have not been started");
  }

  Hub hub() {
    return running().hub();
  }

  /** The turns in which the log is searched for those who are behind. */
  Turns turns() {
    return running().turns();
  }

  /** Where all streams of this node are written. */
  public Executor writer() {
    return running().threads().writer();
  }

  /** Where the responses of streams are completed. */
  Executor closer() {
    return running().threads().closer();
  }

  /** Where clients that waited for events are answered. */
  Executor answers() {
    return running().threads().worker();
  }
}
