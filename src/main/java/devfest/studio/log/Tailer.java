package devfest.studio.log;

import devfest.studio.events.LoggedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads new events from the log and passes them on, in order. There is one tailer per node.
 *
 * <p>It reads after each commit on this node, and every second, to find events that other nodes
 * appended or that a lost signal or a database failure delayed.
 */
@ApplicationScoped
public class Tailer {

  private static final Logger LOG = System.getLogger(Tailer.class.getName());

  /** Bounds the memory of one read. */
  private static final int BATCH = 500;

  /** The longest delay of events that other nodes append. */
  private static final long TICK_MILLIS = 1_000;

  /**
   * The pause after a failure: short, so that delivery resumes soon after the database recovers.
   */
  private static final long RETRY_MILLIS = 200;

  /** Commits within this time are coalesced into one batch; a single commit is not delayed. */
  private static final long COALESCING_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  /** Far longer than a batch takes; a blocked database must not prevent the stop. */
  private static final long STOP_MILLIS = 5_000;

  private final LogReader reader;
  private final Semaphore signal = new Semaphore(0);

  /** Actions to run after the next read. */
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  private volatile @Nullable Thread thread;

  @Inject
  Tailer(LogReader reader) {
    this.reader = reader;
  }

  /**
   * Starts to pass every event above the position to the listener.
   *
   * @param listener called on the tailer's thread with one batch after another; if it throws, it is
   *     called again with the same batch
   */
  public synchronized void start(
      ThreadFactory threads, long after, Consumer<List<LoggedEvent>> listener) {
    Thread started = threads.newThread(() -> run(after, listener));
    thread = started;
    started.start();
  }

  /** Stops, and waits at most {@value #STOP_MILLIS} ms for the listener to return. */
  public synchronized void stop() {
    Thread running = thread;
    thread = null;
    if (running != null) {
      signal.release();
      try {
        running.join(STOP_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  public boolean isRunning() {
    Thread running = thread;
    return running != null && running.isAlive();
  }

  /** Wakes the tailer. Accesses memory only. */
  public void wake(@Observes(during = TransactionPhase.AFTER_SUCCESS) Appended appended) {
    signal.release();
  }

  /**
   * Runs the action on the tailer's thread after every event committed before this call has been
   * passed to the listener.
   */
  public void afterReading(Runnable action) {
    waiting.add(action);
    signal.release();
  }

  private void run(long after, Consumer<List<LoggedEvent>> listener) {
    long position = after;
    List<Runnable> due = new ArrayList<>();
    long lastRead = System.nanoTime() - COALESCING_NANOS;
    while (thread == Thread.currentThread()) {
      boolean failed = false;
      coalesce(lastRead);
      lastRead = System.nanoTime();
      try {
        signal.drainPermits();
        for (Runnable action = waiting.poll(); action != null; action = waiting.poll()) {
          due.add(action);
        }
        List<LoggedEvent> batch;
        do {
          batch = reader.read(position, BATCH);
          if (!batch.isEmpty()) {
            listener.accept(batch);
            position = batch.get(batch.size() - 1).position();
          }
        } while (batch.size() == BATCH);
        while (!due.isEmpty()) {
          due.remove(0).run();
        }
      } catch (Throwable e) { // the thread must survive, as nothing replaces it
        failed = true;
        if (thread == Thread.currentThread()) {
          LOG.log(
              Level.WARNING,
              "The log could not be read above position " + position + ". Retrying.",
              e);
        }
      }
      awaitSignal(failed ? RETRY_MILLIS : TICK_MILLIS);
    }
  }

  /**
   * Waits until {@link #COALESCING_NANOS} have passed since the last read: flushing each stream is
   * the main cost.
   */
  private void coalesce(long lastRead) {
    long rest = lastRead + COALESCING_NANOS - System.nanoTime();
    if (rest > 0) {
      LockSupport.parkNanos(rest);
    }
  }

  private void awaitSignal(long millis) {
    try {
      boolean ignored = signal.tryAcquire(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      thread = null;
    }
  }
}
