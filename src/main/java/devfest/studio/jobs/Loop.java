package devfest.studio.jobs;

import devfest.studio.http.Outage;
import devfest.studio.tracing.Step;
import devfest.studio.tracing.Tracing;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Runs the jobs of one kind. A single thread looks for due jobs when a node reports some, when the
 * next one becomes due or loses its claim, and every three seconds; it also renews claims and stops
 * attempts that exceed their time limit. Each job runs on its own thread. This is not a server
 * timer, because Payara cancels a timer after two failures caused by a lost database connection.
 * Safe for use from many threads.
 */
final class Loop<J extends Job> {

  private static final Logger LOG = System.getLogger(Loop.class.getName());

  /** The longest delay until a timeout is noticed, and the pause after a failure. */
  private static final long TICK_MILLIS = 1_000;

  /**
   * The longest pause between two queries for due jobs: the delay until this node finds a job that
   * another node has added and could not report.
   */
  private static final Duration LOOK = Duration.ofSeconds(3);

  /**
   * If a stopped attempt does not return within this time, its slot is used for another job. Most
   * code reacts to a stop within milliseconds; five seconds allow for a slow disk.
   */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Work<J> work;
  private final Leases leases;
  private final ThreadFactory threads;
  private final Tracing tracing;
  private final String name;
  private final long renewalNanos;
  private final Map<String, Attempt> attempts = new ConcurrentHashMap<>();
  private final Pause pause = new Pause();
  private final Semaphore signal = new Semaphore(0);
  private final Thread thread;
  private volatile boolean stopping;

  Loop(Work<J> work, Leases leases, ThreadFactory threads, Tracing tracing) {
    this.work = work;
    this.leases = leases;
    this.threads = threads;
    this.tracing = tracing;
    this.name = work.type().getSimpleName();
    this.renewalNanos = work.lease().toNanos() / 4; // the claim survives three failed renewals
    this.thread = threads.newThread(this::run);
  }

  void start() {
    thread.start();
  }

  /**
   * @param type the simple name of the kind of job
   */
  boolean isOf(String type) {
    return name.equals(type);
  }

  /** Whether this node works on as many jobs as it can. */
  boolean isBusy() {
    return attempts.size() >= work.concurrency();
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
    long lookAt = renewed;
    boolean woken = false;
    while (!stopping) {
      try {
        woken |= signal.drainPermits() > 0;
        attempts.values().forEach(this::watch);
        if (System.nanoTime() - renewed > renewalNanos) {
          renewed = System.nanoTime();
          attempts.values().forEach(this::renew);
        }
        if (woken || System.nanoTime() - lookAt >= 0) {
          Duration next = claimDue();
          lookAt = System.nanoTime() + next.toNanos();
        }
      } catch (RuntimeException | OutOfMemoryError e) {
        lookAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
        LOG.log(Level.WARNING, "Could not look for due " + name + " jobs, retrying", e);
      }
      try {
        long rest = lookAt - System.nanoTime();
        woken =
            signal.tryAcquire(
                Math.min(rest, TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void watch(Attempt attempt) {
    if (attempt.hasReturned()) {
      return;
    }
    if (attempt.isClaimed() && attempt.isOverdue()) {
      attempt.stop(Attempt.Stop.TIMEOUT);
    }
    if (attempt.isStuck(GRACE) && attempts.remove(attempt.jobId(), attempt)) {
      LOG.log(
          Level.WARNING, name + " " + attempt.jobId() + " does not stop; its thread is abandoned");
      settleOnce(attempt, new Attempt.StoppedException(attempt.stopped().orElseThrow()));
    }
  }

  private void settleOnce(Attempt attempt, Throwable failure) {
    try {
      settle(attempt, failure, pauseAfter(failure));
    } catch (RuntimeException e) {
      logUnsettled(attempt, e);
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
   *
   * @return the time until the next look; the end of an attempt makes it earlier
   */
  private Duration claimDue() {
    int freeSlots = work.concurrency() - attempts.size();
    if (freeSlots <= 0) {
      return LOOK;
    }
    if (pause.isOn()) {
      return Duration.ofMillis(TICK_MILLIS);
    }
    Map<String, Integer> running = new HashMap<>();
    attempts.values().forEach(attempt -> running.merge(attempt.user(), 1, Integer::sum));
    List<String> busy = new ArrayList<>(running.keySet());
    busy.removeIf(user -> running.getOrDefault(user, 0) < work.perUser());
    Leases.Due due = leases.due(work, busy, work.concurrency() + attempts.size(), LOOK);
    due.jobs().stream()
        .filter(job -> !attempts.containsKey(job.id()))
        .filter(job -> running.merge(job.user(), 1, Integer::sum) <= work.perUser())
        .limit(freeSlots)
        .forEach(this::launch);
    return due.next();
  }

  private void launch(Leases.Found job) {
    String id = job.id();
    Attempt attempt = new Attempt(id, job.user(), work.timeout());
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
      boolean ignored = sleep();
    } finally {
      boolean ignored = attempts.remove(attempt.jobId(), attempt);
      wake();
    }
  }

  /**
   * Delays the next try, because the loop would find an unclaimed job again immediately.
   *
   * @return false if the thread was interrupted
   */
  private static boolean sleep() {
    try {
      TimeUnit.MILLISECONDS.sleep(TICK_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void run(J job, Attempt attempt) {
    try {
      attempt.started();
      attempt.check();
      trace(job, attempt);
      pause.end();
    } catch (Exception | OutOfMemoryError | StackOverflowError e) {
      attempt.returned();
      settleAfterOutage(attempt, e); // does nothing if the watch has settled the attempt
    }
  }

  private void trace(J job, Attempt attempt) throws Exception {
    try (Step step = tracing.following("process " + name, job.lease().causes())) {
      try {
        work.run(job, attempt);
      } catch (Throwable e) {
        step.failed(e.getMessage());
        throw e;
      }
    }
  }

  /**
   * Settles an attempt, if necessary after the database is available again. Until then the attempt
   * keeps its slot, so the loop claims no other job for it, and its claim is renewed as soon as
   * that is possible. Otherwise the claim would expire and the attempt would be counted.
   */
  private void settleAfterOutage(Attempt attempt, Throwable failure) {
    Optional<Duration> length = pauseAfter(failure);
    boolean logged = false;
    while (true) {
      try {
        settle(attempt, failure, length);
        return;
      } catch (RuntimeException e) {
        if (length.isEmpty() && !(failure instanceof JobException)) {
          length = pauseAfter(e);
        }
        if (!logged) {
          logUnsettled(attempt, e);
          logged = true;
        }
        if (stopping || Outage.behind(e).isEmpty() || !sleep()) {
          return;
        }
      }
    }
  }

  /**
   * Begins a pause if an outage caused the failure. A failure during an outage is attributed to it,
   * because not every exception has its cause.
   *
   * @return the length of the pause; empty if no outage caused the failure
   */
  private Optional<Duration> pauseAfter(Throwable failure) {
    if (failure instanceof JobException || Outage.behind(failure).isEmpty()) {
      return Optional.empty();
    }
    if (Outage.of(failure).equals(Optional.of(Outage.DISK))) {
      Outage.DISK.begin(failure); // connections report outages of the database
    }
    return Optional.of(pause.begin());
  }

  private void logUnsettled(Attempt attempt, RuntimeException failure) {
    LOG.log(Level.WARNING, "Could not release " + name + " " + attempt.jobId(), failure);
  }

  /**
   * Releases, postpones, retries or fails a job whose attempt ended with an exception.
   *
   * @param length the length of the pause if an outage caused the exception; the attempt does not
   *     count then
   */
  private void settle(Attempt attempt, Throwable failure, Optional<Duration> length) {
    Optional<Attempt.Stop> stop = attempt.stopped();
    String job = name + " " + attempt.jobId();
    if (stop.equals(Optional.of(Attempt.Stop.LOST))) {
      return; // the job belongs to another worker or has ended
    }
    if (stop.equals(Optional.of(Attempt.Stop.SHUTDOWN))) {
      leases.release(work, attempt);
    } else if (length.isPresent()) {
      leases.suspend(work, attempt, length.get());
      LOG.log(Level.DEBUG, job + " was interrupted by an outage", failure);
    } else if (stop.isPresent()) {
      leases.fail(work, attempt, "The job exceeded its time limit.", false);
    } else if (failure instanceof JobException known) {
      LOG.log(Level.INFO, job + ": " + known.getMessage());
      leases.fail(work, attempt, String.valueOf(known.getMessage()), known.isPermanent());
    } else if (leases.fail(work, attempt, work.faultMessage(), false)) {
      LOG.log(Level.WARNING, job + " failed", failure);
    }
  }
}
