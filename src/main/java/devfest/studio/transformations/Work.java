package devfest.studio.transformations;

import devfest.studio.images.Progress;
import java.time.Duration;
import java.util.function.BiPredicate;

/**
 * A job in work on this node: where it stands, and whether it should stop. The worker reports
 * progress here, which is passed on in tenths.
 */
final class Work {

  /** Thrown out of the worker's own progress report. */
  static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StoppedException(String reason) {
      super(reason, null, false, false);
    }
  }

  /** Why a worker stops before the end. */
  enum Stop {
    /** The job was cancelled, or another worker has it. */
    LOST,
    /** The studio stops. */
    SHUTDOWN
  }

  private final Job job;
  private final BiPredicate<Double, String> report;
  private final long deadline;
  private volatile Stop stop;
  private int told = -1;

  /**
   * @param report passes a fraction and a step on, and says whether the job is still the worker's
   */
  Work(Job job, Duration timeout, BiPredicate<Double, String> report) {
    this.job = job;
    this.report = report;
    this.deadline = System.nanoTime() + timeout.toNanos();
  }

  Job job() {
    return job;
  }

  Stop stopped() {
    return stop;
  }

  void stop(Stop reason) {
    stop = reason;
  }

  /**
   * Reports a step that takes the job from one fraction to another.
   *
   * @return takes the step's own progress; throws {@link StoppedException} when the worker is to
   *     stop
   */
  Progress step(String name, double from, double to) {
    at(name, from);
    return fraction -> at(name, from + (to - from) * Math.max(0, Math.min(1, fraction)));
  }

  private void at(String step, double fraction) {
    if (stop != null) {
      throw new StoppedException("stopped");
    }
    if (System.nanoTime() - deadline > 0) {
      throw new StoppedException("It took longer than allowed");
    }
    int tenths = (int) (fraction * 10);
    if (tenths > told) {
      told = tenths;
      if (!report.test(tenths / 10.0, step)) {
        stop = Stop.LOST;
        throw new StoppedException("stopped");
      }
    }
  }
}
