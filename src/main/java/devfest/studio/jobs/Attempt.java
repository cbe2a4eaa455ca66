package devfest.studio.jobs;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of this node at a job, and the means to stop it.
 *
 * <p>The worker learns of a stop in three ways: {@link #check} throws; code that runs under {@link
 * #interruptible} is interrupted; and what {@link #closing} was given is closed. A thread is never
 * interrupted elsewhere, as an interrupt during I/O closes the file of the embedded database. Safe
 * for use from many threads.
 */
public final class Attempt {

  private static final Logger LOG = System.getLogger(Attempt.class.getName());

  /** Why an attempt stops before its end. */
  public enum Stop {
    /** The job has ended otherwise, or another worker has claimed it. */
    LOST,
    /** It took longer than allowed. */
    TIMEOUT,
    /** The studio stops. */
    SHUTDOWN
  }

  /** The attempt was stopped; the job may not be touched any more. */
  public static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StoppedException(Stop stop) {
      super("stopped: " + stop, null, false, false);
    }
  }

  private final String jobId;
  private final String claim = UUID.randomUUID().toString();
  private volatile long start = System.nanoTime();
  private final long deadline;

  @GuardedBy("this")
  private long stoppedAt;

  @GuardedBy("this")
  private @Nullable Stop stop;

  @GuardedBy("this")
  private @Nullable Thread interruptible;

  @GuardedBy("this")
  private @Nullable Closeable resource;

  /**
   * @param timeout how long the attempt may take; empty for no bound
   */
  public Attempt(String jobId, Optional<Duration> timeout) {
    this.jobId = jobId;
    this.deadline = timeout.map(Duration::toNanos).orElse(Long.MAX_VALUE);
  }

  public String jobId() {
    return jobId;
  }

  /** Unique to the attempt. */
  String claim() {
    return claim;
  }

  /** Empty while the attempt may go on. */
  public synchronized Optional<Stop> stopped() {
    return Optional.ofNullable(stop);
  }

  /** Begins the time that the attempt may take. */
  void begun() {
    start = System.nanoTime();
  }

  boolean isOverdue() {
    return System.nanoTime() - start > deadline;
  }

  /** Whether the attempt was stopped so long ago that its worker should have noticed. */
  synchronized boolean isStuck(Duration grace) {
    return stop != null && System.nanoTime() - stoppedAt > grace.toNanos();
  }

  /** Stops the attempt; only the first reason counts. */
  public void stop(Stop reason) {
    @Nullable Closeable open;
    synchronized (this) {
      if (stop != null) {
        return;
      }
      stop = reason;
      stoppedAt = System.nanoTime();
      if (interruptible != null) {
        interruptible.interrupt();
      }
      open = resource;
    }
    close(open);
  }

  private void close(@Nullable Closeable open) {
    try {
      if (open != null) {
        open.close();
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.DEBUG, "What job " + jobId + " used did not close", e);
    }
  }

  /**
   * Notes that the attempt does not hold the job any more.
   *
   * @return what the worker throws
   */
  public StoppedException lost() {
    stop(Stop.LOST);
    return new StoppedException(Stop.LOST);
  }

  /**
   * @throws StoppedException when the attempt was stopped
   */
  public void check() {
    if (isOverdue()) {
      stop(Stop.TIMEOUT);
    }
    throwIfStopped();
  }

  private synchronized void throwIfStopped() {
    if (stop != null) {
      throw new StoppedException(stop);
    }
  }

  /**
   * Runs code that a stop interrupts; it must not use the database, but for what it passes through
   * {@link #uninterruptible}.
   *
   * @throws StoppedException when the attempt was stopped, whatever the code made of the interrupt
   */
  public <T> T interruptible(Callable<T> code) throws Exception {
    begin();
    try {
      return code.call();
    } finally {
      end();
      check();
    }
  }

  /** Runs code within {@link #interruptible} that is not to be interrupted. */
  public void uninterruptible(Runnable code) {
    boolean inside = end();
    check();
    try {
      code.run();
    } finally {
      if (inside) {
        begin();
      }
    }
  }

  private void begin() {
    check();
    enter();
  }

  private synchronized void enter() {
    throwIfStopped();
    interruptible = Thread.currentThread();
  }

  /** Takes back an interrupt that came too late. */
  private synchronized boolean end() {
    boolean inside = interruptible != null;
    interruptible = null;
    if (stop != null) {
      boolean ignored = Thread.interrupted();
    }
    return inside;
  }

  /**
   * Names what a stop closes, in the place of what was named before: a connection or a native
   * handle, for code that an interrupt does not end.
   *
   * @param open null for nothing any more
   */
  public void closing(@Nullable Closeable open) {
    boolean late;
    synchronized (this) {
      resource = open;
      late = stop != null;
    }
    if (late) {
      close(open);
    }
  }
}
