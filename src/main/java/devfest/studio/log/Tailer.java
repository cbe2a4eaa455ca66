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
 * The one reader that tells this node what is new in the log, in order and once.
 *
 * <p>It reads on after each commit on this node, and each second by itself, which finds what other
 * nodes have appended and what a lost signal or a fault of the database has held up.
 */
@ApplicationScoped
public class Tailer {

  private static final Logger LOG = System.getLogger(Tailer.class.getName());
  private static final int BATCH = 500;
  private static final long TICK_MILLIS = 1_000;

  /** The tick after a failure, so that readers miss little once the database is back. */
  private static final long RETRY_MILLIS = 200;

  /** What is committed within this time goes out together; one commit alone is not held up. */
  private static final long GATHERING_NANOS = TimeUnit.MILLISECONDS.toNanos(25);

  private final LogReader reader;
  private final Semaphore signal = new Semaphore(0);
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Thread thread;

  @Inject
  Tailer(LogReader reader) {
    this.reader = reader;
  }

  /**
   * Begins to hand over everything above the position.
   *
   * @param listener called on the tailer's own thread with one batch after the other; when it
   *     throws, it gets the same batch again
   */
  public synchronized void start(
      ThreadFactory threads, long after, Consumer<List<LoggedEvent>> listener) {
    Thread started = threads.newThread(() -> follow(after, listener));
    thread = started;
    started.start();
  }

  /** Stops and waits for a batch that is being handed over. */
  public synchronized void stop() {
    Thread running = thread;
    thread = null;
    if (running != null) {
      signal.release();
      try {
        running.join(5_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  public boolean isRunning() {
    Thread running = thread;
    return running != null && running.isAlive();
  }

  /** Lets the tailer look now. Touches memory only. */
  public void wake(@Observes(during = TransactionPhase.AFTER_SUCCESS) Appended appended) {
    signal.release();
  }

  /**
   * Runs the action on the tailer's thread once everything has been handed over that was committed
   * before this call.
   */
  public void afterReading(Runnable action) {
    waiting.add(action);
    signal.release();
  }

  private void follow(long after, Consumer<List<LoggedEvent>> listener) {
    long position = after;
    List<Runnable> due = new ArrayList<>();
    long lastRead = System.nanoTime() - GATHERING_NANOS;
    while (thread == Thread.currentThread()) {
      boolean failed = false;
      gather(lastRead);
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
      } catch (Throwable e) { // without this thread nothing would ever be seen again
        failed = true;
        if (thread == Thread.currentThread()) {
          LOG.log(Level.WARNING, "The log could not be read on from " + position + ", goes on", e);
        }
      }
      await(failed ? RETRY_MILLIS : TICK_MILLIS);
    }
  }

  /** Lets a moment pass after the last reading, as flushing to the readers is what costs. */
  private void gather(long lastRead) {
    long rest = lastRead + GATHERING_NANOS - System.nanoTime();
    if (rest > 0) {
      LockSupport.parkNanos(rest);
    }
  }

  private void await(long millis) {
    try {
      boolean ignored = signal.tryAcquire(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      thread = null;
    }
  }
}
