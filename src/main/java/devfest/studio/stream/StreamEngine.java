package devfest.studio.stream;

import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Published;
import devfest.studio.events.TransientEvent;
import devfest.studio.hub.Hub;
import devfest.studio.hub.Limits;
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
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Carries what the tailer reads, and what is transient, to the hub; keeps the streams' clock. */
@ApplicationScoped
public class StreamEngine {

  private static final Logger LOG = System.getLogger(StreamEngine.class.getName());
  private static final Pattern ERASED_ID = Pattern.compile("\\{\"id\":\"(\\d{1,18})\"}");
  private static final long TICK_MILLIS = 500;
  private static final Duration PROBE = Duration.ofSeconds(2);
  private static final int CATCH_UP_THREADS = 2;
  private static final int CLOSING_THREADS = 8;
  private static final int RECALLED = 500;
  private static final long FAREWELL_MILLIS = 3_000;

  @Inject private Tailer tailer;
  @Inject private LogReader log;
  @Inject private Event<Published> published;

  @Inject
  @ConfigProperty(name = "studio.stream.max-connections", defaultValue = "10000")
  private int maxConnections;

  @Inject
  @ConfigProperty(name = "studio.stream.max-connections-per-user", defaultValue = "32")
  private int maxPerUser;

  @Inject
  @ConfigProperty(name = "studio.stream.max-connections-per-address", defaultValue = "500")
  private int maxPerAddress;

  @Inject
  @ConfigProperty(name = "studio.stream.heartbeat", defaultValue = "PT15S")
  private Duration heartbeat;

  @Inject
  @ConfigProperty(name = "studio.stream.max-lifetime", defaultValue = "PT1H")
  private Duration lifetime;

  @Inject
  @ConfigProperty(name = "studio.stream.stall-timeout", defaultValue = "PT2M")
  private Duration stall;

  private Hub hub;
  private ExecutorService writer;
  private ExecutorService closer;
  private ExecutorService catchUp;
  private Turns turns;
  private ExecutorService answers;
  private ScheduledExecutorService clock;
  private ScheduledFuture<?> ticking;

  /** Begins to carry, from the log's present end on. */
  public void start(ThreadFactory threads) {
    writer = Executors.newSingleThreadExecutor(threads);
    closer = Executors.newFixedThreadPool(CLOSING_THREADS, threads);
    catchUp = Executors.newFixedThreadPool(CATCH_UP_THREADS, threads);
    turns = new Turns(catchUp, CATCH_UP_THREADS);
    answers = Executors.newFixedThreadPool(CATCH_UP_THREADS, threads);
    clock = Executors.newSingleThreadScheduledExecutor(threads);
    LogBounds bounds = log.bounds();
    long head = bounds.latest();
    hub =
        new Hub(
            new Limits(
                maxConnections, maxPerUser, maxPerAddress, heartbeat, PROBE, lifetime, stall),
            this::read,
            head,
            turns);
    // Those who come back after a restart, all at once, find what they missed in memory.
    recall(Math.max(bounds.pruned(), head - Hub.RING_EVENTS), head);
    tailer.start(threads, head, this::publish);
    ticking =
        clock.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void publish(List<LoggedEvent> batch) {
    batch.stream()
        .filter(logged -> logged.event().type().endsWith(EventLog.ERASURE))
        .forEach(logged -> erased(logged.event().data()).ifPresent(hub::erase));
    hub.publish(batch);
    published.fire(new Published(batch));
  }

  /** The position that the data of an erasure names; whoever publishes may have written it. */
  private static Optional<Long> erased(String data) {
    Matcher id = ERASED_ID.matcher(data);
    return id.matches() ? Optional.of(Long.valueOf(id.group(1))) : Optional.empty();
  }

  private void recall(long after, long head) {
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
      hub.tick();
    } catch (Throwable e) {
      LOG.log(Level.WARNING, "The streams' clock missed a tick", e);
    }
  }

  /** Tells every reader, ends its stream and stops. */
  public void stop() {
    tailer.stop();
    ticking.cancel(false);
    clock.shutdownNow();
    hub.close();
    try {
      for (long waited = 0; hub.isLeaving() && waited < FAREWELL_MILLIS; waited += 50) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      hub.abandon();
      writer.shutdown();
      catchUp.shutdown(); // not by an interrupt, which would close H2's file
      answers.shutdown();
      boolean written = writer.awaitTermination(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
      closer.shutdown();
      boolean closed = closer.awaitTermination(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
      if (!written || !closed) {
        LOG.log(Level.INFO, "Some streams are left to the server to end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the streams that a session opened when it ends. */
  void end(@Observes SessionEnded ended) {
    hub.revoke(subscriber -> ended.session().equals(subscriber.session()));
  }

  /** What has been removed from the log is no longer given from memory either. */
  void forget(@Observes(during = TransactionPhase.AFTER_SUCCESS) Pruned pruned) {
    tailer.afterReading(() -> hub.forget(pruned.position()));
  }

  /** What is transient follows whatever was committed before it. */
  void relay(@Observes TransientEvent event) {
    tailer.afterReading(() -> hub.publish(event));
  }

  /** Whether events are carried: false before the start and after the stop. */
  public boolean isRunning() {
    return tailer.isRunning();
  }

  /** Changes what the subscription gets, once all that is committed now was told. */
  public CompletionStage<Void> refilter(Subscription subscription, Filter filter) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    tailer.afterReading(
        () -> {
          hub.refilter(subscription, filter);
          done.complete(null);
        });
    return done;
  }

  /** Runs the task after so many nanoseconds, on a thread that may wait for the database. */
  public void later(long nanos, Runnable task) {
    try {
      if (nanos <= 0) {
        answers.execute(task);
      } else {
        var ignored = clock.schedule(() -> answers.execute(task), nanos, TimeUnit.NANOSECONDS);
      }
    } catch (RejectedExecutionException e) {
      LOG.log(Level.TRACE, "stopped meanwhile");
    }
  }

  public long stallMillis() {
    return stall.toMillis();
  }

  public Hub hub() {
    return hub;
  }

  /** The turns in which the log is searched for those who are behind. */
  Turns turns() {
    return turns;
  }

  /** Where all streams of this node are written. */
  public Executor writer() {
    return writer;
  }

  /** Where the responses of streams are completed. */
  Executor closer() {
    return closer;
  }

  /** Where those who waited for events are answered. */
  Executor answers() {
    return answers;
  }
}
