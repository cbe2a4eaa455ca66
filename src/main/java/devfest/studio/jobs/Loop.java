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
 * Works on the jobs of one kind: one thread looks for them when some were added here and every
 * second, renews claims and stops attempts that take too long; each job has a thread of its own. It
 * is no server timer, since Payara drops a timer that meets a lost connection twice.
 */
final class Loop<J extends Job> {

  private static final Logger LOG = System.getLogger(Loop.class.getName());

  /** How late a job is found that another node added, and a deadline is noticed. */
  private static final long TICK_MILLIS = 1_000;

  /** A stopped attempt that does not return within this time loses its place to another job. */
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
    this.renewalNanos = work.lease().toNanos() / 4; // three renewals may fail
    this.thread = threads.newThread(this::run);
  }

  void start() {
    thread.start();
  }

  boolean isOf(Class<? extends Job> type) {
    return work.type().equals(type);
  }

  /** Looks for jobs now. */
  void wake() {
    signal.release();
  }

  /** Stops the attempt at a job that has ended. */
  void drop(String jobId) {
    Attempt attempt = attempts.get(jobId);
    if (attempt != null) {
      attempt.stop(Attempt.Stop.LOST);
    }
  }

  /** Claims no more jobs and has those in progress given back. */
  void stop() {
    stopping = true;
    wake();
    attempts.values().forEach(attempt -> attempt.stop(Attempt.Stop.SHUTDOWN));
  }

  /** Waits until nothing is in progress, or the time is over. */
  void await(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    thread.join(Math.max(1, patience.toMillis()));
    while (!attempts.isEmpty() && System.nanoTime() < end) {
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
        begin();
      } catch (RuntimeException | OutOfMemoryError e) {
        LOG.log(Level.WARNING, name + " jobs can't be looked up, tries again", e);
      }
      try {
        boolean ignored = signal.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void watch(Attempt attempt) {
    if (attempt.isOverdue()) {
      attempt.stop(Attempt.Stop.TIMEOUT);
    }
    if (attempt.isStuck(GRACE) && attempts.remove(attempt.jobId(), attempt)) {
      LOG.log(Level.WARNING, name + " " + attempt.jobId() + " does not stop; its thread is left");
      settle(attempt, new Attempt.StoppedException(attempt.stopped().orElseThrow()));
    }
  }

  private void renew(Attempt attempt) {
    if (attempt.stopped().isEmpty() && !leases.renew(work, attempt)) {
      attempt.stop(Attempt.Stop.LOST);
    }
  }

  /** Jobs that were begun and are not claimed yet are found once more. */
  private void begin() {
    int free = work.places() - attempts.size();
    if (free <= 0) {
      return;
    }
    leases.due(work, work.places() + attempts.size()).stream()
        .filter(id -> !attempts.containsKey(id))
        .limit(free)
        .forEach(this::begin);
  }

  private void begin(String id) {
    Attempt attempt = new Attempt(id, work.timeout());
    attempts.put(id, attempt);
    try {
      threads.newThread(() -> attempt(attempt)).start();
    } catch (RuntimeException | OutOfMemoryError e) { // no thread to be had
      attempts.remove(id, attempt);
      throw e;
    }
  }

  private void attempt(Attempt attempt) {
    try {
      Optional<J> job = leases.claim(work, attempt);
      if (job.isPresent()) {
        attempt(job.get(), attempt);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, name + " " + attempt.jobId() + " can't be claimed, tries again", e);
      pause();
    } finally {
      boolean ignored = attempts.remove(attempt.jobId(), attempt);
      wake();
    }
  }

  /** A job that can't be claimed would be found again at once. */
  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void attempt(J job, Attempt attempt) {
    try {
      attempt.begun();
      attempt.check();
      work.run(job, attempt);
    } catch (Exception | OutOfMemoryError | StackOverflowError e) {
      if (attempts.get(attempt.jobId()) == attempt) { // else it was settled without its thread
        settle(attempt, e);
      }
    }
  }

  /** Decides on a job whose attempt ended by an exception. */
  private void settle(Attempt attempt, Throwable failure) {
    try {
      if (attempt.stopped().isPresent()) {
        stopped(attempt, attempt.stopped().get());
      } else if (failure instanceof JobException known) {
        LOG.log(Level.INFO, name + " " + attempt.jobId() + ": " + known.getMessage());
        leases.fail(work, attempt, String.valueOf(known.getMessage()), known.isLasting());
      } else if (Outage.of(failure).isPresent()) {
        LOG.log(Level.WARNING, name + " " + attempt.jobId() + " met an outage", failure);
        leases.suspend(work, attempt);
      } else if (leases.fail(work, attempt, work.fault(), false)) {
        LOG.log(Level.WARNING, name + " " + attempt.jobId() + " failed", failure);
      }
    } catch (RuntimeException e) {
      // The database, most likely: the claim runs out and the job is claimed again.
      LOG.log(Level.WARNING, name + " " + attempt.jobId() + " was left to its claim", e);
    }
  }

  private void stopped(Attempt attempt, Attempt.Stop stop) {
    switch (stop) {
      case LOST -> {
        // not ours any more
      }
      case TIMEOUT -> leases.fail(work, attempt, "It took longer than allowed", false);
      case SHUTDOWN -> leases.release(work, attempt);
      default -> throw new IllegalStateException("no such stop: " + stop);
    }
  }
}
