package devfest.studio.jobs;

import devfest.studio.http.Outage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Runs the jobs of one kind. A single thread looks for due jobs when this node adds some and every
 * second; it also renews claims and stops attempts that exceed their time limit. Each job runs on
 * its own thread. This is not a server timer, because Payara cancels a timer after two failures
 * caused by a lost database connection. Safe for use from many threads.
 */
final class Loop<J extends Job> {

  private static final Logger LOG = System.getLogger(Loop.class.getName());

  /**
   * The longest delay until a job from another node is found or a timeout is noticed; one cheap
   * query per second.
   */
  private static final long TICK_MILLIS = 1_000;

  /**
   * If a stopped attempt does not return within this time, its slot is used for another job. Most
   * code reacts to a stop within milliseconds; five seconds allow for a slow disk.
   */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Work<J> work;
  private final Leases leases;
  private final ThreadFactory threads;
  private final String name;
  private final long renewalNanos;
  private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();
  private final Semaphore signal = new Semaphore(0);
  private final Thread thread;
  private volatile boolean stopping;

  Loop(Work<J> work, Leases leases, ThreadFactory threads) {
    this.work = work;
    this.leases = leases;
    this.threads = threads;
    this.name = work.type().getSimpleName();
    this.renewalNanos = work.lease().toNanos() / 4; // the claim survives three failed renewals
    this.thread = threads.newThread(this::run);
  }

  void start() {
    thread.start();
  }

  boolean isOf(Class<? extends Job> type) {
    return work.type().equals(type);
  }

  /** Looks for due jobs now. */
  void wake() {
    signal.release();
  }

  /** Stops the attempt at a job that has ended. */
  void abort(String jobId) {
    Attempt attempt = attempts.get(jobId);
    if (attempt != null) {
      attempt.stop(Attempt.Stop.LOST);
    }
  }

  /** Claims no more jobs and releases the jobs in progress. */
  void stop() {
    stopping = true;
    wake();
    attempts.values().forEach(attempt -> attempt.stop(Attempt.Stop.SHUTDOWN));
  }

  /** Waits until no job is in progress or the timeout elapses. */
  void await(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    thread.join(Math.max(1, timeout.toMillis()));
    while (!attempts.isEmpty() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private void run() {
    long renewed = System.nanoTime();
    while (!stopping) {
      try {
        signal.drainPermits();
        attempts.values().forEach(this::watch);
        if (System.nanoTime() - renewed > renewalNanos) {
          renewed = System.nanoTime();
          attempts.values().forEach(this::renew);
        }
        claimDue();
      } catch (RuntimeException | OutOfMemoryError e) {
        LOG.log(Level.WARNING, "Could not look for due " + name + " jobs, retrying", e);
      }
      try {
        boolean ignored = signal.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void watch(Attempt attempt) {
    if (attempt.isClaimed() && attempt.isOverdue()) {
      attempt.stop(Attempt.Stop.TIMEOUT);
    }
    if (attempt.isStuck(GRACE) && attempts.remove(attempt.jobId(), attempt)) {
      LOG.log(
          Level.WARNING, name + " " + attempt.jobId() + " does not stop; its thread is abandoned");
      settle(attempt, new Attempt.StoppedException(attempt.stopped().orElseThrow()));
    }
  }

  private void renew(Attempt attempt) {
    if (attempt.isClaimed() && attempt.stopped().isEmpty() && !leases.renew(work, attempt)) {
      attempt.stop(Attempt.Stop.LOST);
    }
  }

  /**
   * Starts attempts at due jobs. The query also returns jobs that this node has started but not
   * claimed yet, so it asks for that many more.
   */
  private void claimDue() {
    int freeSlots = work.concurrency() - attempts.size();
    if (freeSlots <= 0) {
      return;
    }
    leases.due(work, work.concurrency() + attempts.size()).stream()
        .filter(id -> !attempts.containsKey(id))
        .limit(freeSlots)
        .forEach(this::launch);
  }

  private void launch(String id) {
    Attempt attempt = new Attempt(id, work.timeout());
    attempts.put(id, attempt);
    if (stopping) { // stop() may have missed this attempt
      attempt.stop(Attempt.Stop.SHUTDOWN);
    }
    try {
      threads.newThread(() -> claimAndRun(attempt)).start();
    } catch (RuntimeException | OutOfMemoryError e) { // no thread is available
      attempts.remove(id, attempt);
      throw e;
    }
  }

  private void claimAndRun(Attempt attempt) {
    try {
      Optional<J> job = leases.claim(work, attempt);
      if (job.isPresent()) {
        run(job.get(), attempt);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Could not claim " + name + " " + attempt.jobId() + ", retrying", e);
      pause();
    } finally {
      boolean ignored = attempts.remove(attempt.jobId(), attempt);
      wake();
    }
  }

  /** Delays the next attempt, because the loop would find the unclaimed job again immediately. */
  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(J job, Attempt attempt) {
    try {
      attempt.started();
      attempt.check();
      work.run(job, attempt);
    } catch (Exception | OutOfMemoryError | StackOverflowError e) {
      if (attempts.get(attempt.jobId()) == attempt) { // otherwise the watch has settled it already
        settle(attempt, e);
      }
    }
  }

  /** Releases, retries or fails a job whose attempt ended with an exception. */
  private void settle(Attempt attempt, Throwable failure) {
    try {
      if (attempt.stopped().isPresent()) {
        settleStopped(attempt, attempt.stopped().get());
      } else if (failure instanceof JobException known) {
        LOG.log(Level.INFO, name + " " + attempt.jobId() + ": " + known.getMessage());
        leases.fail(work, attempt, String.valueOf(known.getMessage()), known.isPermanent());
      } else if (Outage.of(failure).isPresent()) {
        LOG.log(
            Level.WARNING, name + " " + attempt.jobId() + " was interrupted by an outage", failure);
        leases.suspend(work, attempt);
      } else if (leases.fail(work, attempt, work.faultMessage(), false)) {
        LOG.log(Level.WARNING, name + " " + attempt.jobId() + " failed", failure);
      }
    } catch (RuntimeException e) {
      // Probably the database is unavailable: the claim expires and the job is claimed again.
      LOG.log(
          Level.WARNING,
          "Could not release " + name + " " + attempt.jobId() + "; its claim will expire",
          e);
    }
  }

  private void settleStopped(Attempt attempt, Attempt.Stop stop) {
    switch (stop) {
      case LOST -> {
        // the job now belongs to another worker or has ended
      }
      case TIMEOUT -> leases.fail(work, attempt, "The job exceeded its time limit.", false);
      case SHUTDOWN -> leases.release(work, attempt);
      default -> throw new IllegalStateException("Unknown stop reason: " + stop);
    }
  }
}
