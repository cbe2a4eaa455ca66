package devfest.studio.transformations;

import devfest.studio.images.Progress;
import devfest.studio.jobs.Attempt;
import java.io.Closeable;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The progress of one image rendering. It converts the progress of the current step into the
 * overall progress, reports that in steps of 10 %, and throws when the attempt is stopped. Confined
 * to the worker's thread.
 */
public final class Rendering implements Progress {

  private final Attempt attempt;
  private final BiConsumer<Double, String> report;
  private String step = "";
  private double from;
  private double to;
  private int reported = -1;

  /**
   * @param report receives the overall progress, 0 to 1, and the name of the step, on the worker's
   *     thread
   */
  Rendering(Attempt attempt, BiConsumer<Double, String> report) {
    this.attempt = attempt;
    this.report = report;
  }

  /**
   * Begins a step.
   *
   * @param name name of the step
   * @param first overall progress at its start, 0 to 1
   * @param last overall progress at its end, 0 to 1
   */
  void step(String name, double first, double last) {
    step = name;
    from = first;
    to = last;
    at(0);
  }

  /** Runs a part of the step that a stop interrupts. */
  <T> T interruptible(Callable<T> code) throws Exception {
    return attempt.interruptible(code);
  }

  /**
   * Sets the resource that a stop closes, such as a connection or a native handle, for code that
   * does not react to an interrupt.
   *
   * @param toClose the resource; null to remove the previous one
   */
  public void closeOnStop(@Nullable Closeable toClose) {
    attempt.closeOnStop(toClose);
  }

  /**
   * Reports the progress of the current step.
   *
   * @param fraction 0 to 1
   * @throws Attempt.StoppedException if the attempt was stopped
   */
  @Override
  public void at(double fraction) {
    attempt.check();
    int tenths = (int) (10 * (from + (to - from) * Math.max(0, Math.min(1, fraction))));
    if (tenths > reported) {
      reported = tenths;
      attempt.uninterruptible(() -> report.accept(tenths / 10.0, step));
    }
  }
}
