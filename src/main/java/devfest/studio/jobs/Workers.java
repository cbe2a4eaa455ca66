package devfest.studio.jobs;

import devfest.studio.tracing.Tracing;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadFactory;

/** Runs all kinds of {@link Work} on this node. Safe for use from many threads. */
@ApplicationScoped
public class Workers {

  /** Long enough for an attempt to notice its stop and to release its job. */
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final Instance<Work<?>> works;
  private final Leases leases;
  private final Tracing tracing;
  private volatile List<Loop<?>> loops = List.of();

  @Inject
  Workers(@Any Instance<Work<?>> works, Leases leases, Tracing tracing) {
    this.works = works;
    this.leases = leases;
    this.tracing = tracing;
  }

  /**
   * Starts to claim jobs.
   *
   * @param threads creates the threads that look for jobs and run them
   */
  public void start(ThreadFactory threads) {
    List<Loop<?>> all = new ArrayList<>();
    works.forEach(work -> all.add(new Loop<>(work, leases, threads, tracing)));
    loops = all;
    all.forEach(Loop::start);
  }

  /** Claims no more jobs and releases the jobs in progress. Returns within a few seconds. */
  public void stop() {
    List<Loop<?>> all = loops;
    loops = List.of();
    all.forEach(Loop::stop);
    long deadline = System.nanoTime() + STOP_TIMEOUT.toNanos();
    try {
      for (Loop<?> loop : all) {
        loop.await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void changed(@Observes(during = TransactionPhase.AFTER_SUCCESS) JobsChanged changed) {
    changed(changed.type().getSimpleName(), changed.ended());
  }

  /**
   * Stops the attempt at a job that has ended, or looks for due jobs.
   *
   * @param type the simple name of the kind of job
   * @param ended the id of the job; empty when jobs are due
   */
  void changed(String type, Optional<String> ended) {
    for (Loop<?> loop : loops) {
      if (loop.isOf(type)) {
        ended.ifPresentOrElse(loop::abort, loop::wake);
      }
    }
  }

  /** The kinds of jobs, such as {@code push_subscription}. */
  public Set<String> kinds() {
    Set<String> kinds = new TreeSet<>();
    works.forEach(work -> kinds.add(kind(work)));
    return kinds;
  }

  /** Returns for how long a job of each kind has waited that could be claimed. */
  public Map<String, Duration> overdue() {
    Map<String, Duration> overdue = new HashMap<>();
    works.forEach(work -> overdue.put(kind(work), leases.overdue(work)));
    return overdue;
  }

  private static String kind(Work<?> work) {
    return work.type()
        .getSimpleName()
        .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
        .toLowerCase(Locale.ROOT);
  }

  /** Whether this node cannot claim further jobs of this kind at present. */
  boolean areBusy(String type) {
    return loops.stream().filter(loop -> loop.isOf(type)).allMatch(Loop::isBusy);
  }
}
