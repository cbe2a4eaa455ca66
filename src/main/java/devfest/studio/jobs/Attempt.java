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
 * One attempt of this node at a job. Other threads can stop it.
 *
 * <p>A stop has three effects on the worker: {@link #check} throws, code inside {@link
 * #interruptible} is interrupted, and the resource passed to {@link #closeOnStop} is closed. Other
 * code is never interrupted, because an interrupt during I/O closes the file of the embedded
 * database. Safe for use from many threads.
 */
public final class Attempt {

  private static final Logger LOG = System.getLogger(Attempt.class.getName());

  /** Why an attempt was stopped. */
  public enum Stop {
    /** The job has ended, or another worker has claimed it. */
    LOST,
    /** The attempt exceeded its time limit. */
    TIMEOUT,
    /** The studio is shutting down. */
    SHUTDOWN
  }

  /** The attempt was stopped, and its worker must no longer change the job. */
  public static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StoppedException(Stop stop) {
      super("The attempt was stopped: " + stop, null, false, false);
    }
  }

  private final String jobId;
  private final String user;
  private final String claim = UUID.randomUUID().toString();
  private volatile long start = System.nanoTime();
  private volatile boolean claimed;
  private volatile boolean returned;
  private final long timeoutNanos;

  @GuardedBy("this")
  private long stoppedAt;

  @GuardedBy("this")
  private @Nullable Stop stop;

  @GuardedBy("this")
  private @Nullable Thread interruptible;

  @GuardedBy("this")
  private @Nullable Closeable resource;

  /**
   * Creates an attempt that has no claim yet.
   *
   * @param jobId id of the job
   * @param user whose job it is; empty if that does not matter
   * @param timeout maximum duration of the attempt; empty for no limit
   */
  public Attempt(String jobId, String user, Optional<Duration> timeout) {
    this.jobId = jobId;
    this.user = user;
    this.timeoutNanos = timeout.map(Duration::toNanos).orElse(Long.MAX_VALUE);
  }

  public String jobId() {
    return jobId;
  }

  String user() {
    return user;
  }

  /** The time since the job was claimed. */
  public Duration age() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** The claim token, unique to this attempt. */
  String claim() {
    return claim;
  }

  /** Returns the reason for the stop; empty while the attempt is not stopped. */
  public synchronized Optional<Stop> stopped() {
    return Optional.ofNullable(stop);
  }

  /** Records that the claim is committed, and starts the clock for the timeout. */
  void started() {
    start = System.nanoTime();
    claimed = true;
  }

  /**
   * Whether the claim is committed. Before, there is nothing to renew, and waiting for the claim
   * does not count towards the timeout.
   */
  boolean isClaimed() {
    return claimed;
  }

  /** Records that the worker has returned, so the attempt cannot exceed its time limit any more. */
  void returned() {
    returned = true;
  }

  boolean hasReturned() {
    return returned;
  }

  boolean isOverdue() {
    return System.nanoTime() - start > timeoutNanos;
  }

  /**
   * Whether the attempt was stopped longer ago than the grace period and its worker has not
   * returned.
   */
  synchronized boolean isStuck(Duration grace) {
    return stop != null && System.nanoTime() - stoppedAt > grace.toNanos();
  }

  /** Stops the attempt. Only the first reason is kept. */
  public void stop(Stop reason) {
    @Nullable Closeable toClose;
    synchronized (this) {
      if (stop != null) {
        return;
      }
      stop = reason;
      stoppedAt = System.nanoTime();
      if (interruptible != null) {
        interruptible.interrupt();
      }
      toClose = resource;
    }
    close(toClose);
  }

  private void close(@Nullable Closeable toClose) {
    try {
      if (toClose != null) {
        toClose.close();
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.DEBUG, "Could not close the resource of job " + jobId, e);
    }
  }

  /**
   * Stops the attempt because it has lost its claim.
   *
   * @return the exception for the worker to throw
   */
  public StoppedException lost() {
    stop(Stop.LOST);
    return new StoppedException(Stop.LOST);
  }

  /**
   * Checks that the attempt may continue.
   *
   * @throws StoppedException if the attempt was stopped or has exceeded its time limit
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
   * Runs code that a stop interrupts. The code must not use the database except through {@link
   * #uninterruptible}.
   *
   * @param code runs on the calling thread
   * @throws StoppedException if the attempt was stopped, even if the code ignored the interrupt
   */
  public <T> T interruptible(Callable<T> code) throws Exception {
    checkAndEnter();
    try {
      return code.call();
    } finally {
      leave();
      check();
    }
  }

  /**
   * Runs code inside {@link #interruptible} without interrupting it.
   *
   * @throws StoppedException if the attempt was stopped before the code starts
   */
  public void uninterruptible(Runnable code) {
    boolean inside = leave();
    check();
    try {
      code.run();
    } finally {
      if (inside) {
        checkAndEnter();
      }
    }
  }

  private void checkAndEnter() {
    check();
    enter();
  }

  private synchronized void enter() {
    throwIfStopped();
    interruptible = Thread.currentThread();
  }

  /**
   * Ends the interruptible section and clears an interrupt that arrived after the code had ended.
   *
   * @return whether the thread was inside the section
   */
  private synchronized boolean leave() {
    boolean inside = interruptible != null;
    interruptible = null;
    if (stop != null) {
      boolean ignored = Thread.interrupted();
    }
    return inside;
  }

  /**
   * Sets the resource that a stop closes, such as a connection or a native handle, for code that
   * does not react to an interrupt. It replaces the previous resource and is closed immediately if
   * the attempt is already stopped.
   *
   * @param toClose the resource; null to remove the previous one
   */
  public void closeOnStop(@Nullable Closeable toClose) {
    boolean stopped;
    synchronized (this) {
      resource = toClose;
      stopped = stop != null;
    }
    if (stopped) {
      close(toClose);
    }
  }
}
