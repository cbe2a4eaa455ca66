package devfest.studio.transformations;

import devfest.studio.images.Progress;
import devfest.studio.jobs.Attempt;
import java.io.Closeable;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A picture being made: takes the progress of the step in hand, passes that of the whole on in
 * tenths, and throws when the work is to stop. For one worker's thread.
 */
public final class Making implements Progress {

  private final Attempt attempt;
  private final BiConsumer<Double, String> report;
  private String step = "";
  private double from;
  private double to;
  private int reported = -1;

  /**
   * @param report takes a fraction and the name of the step, on the worker's thread
   */
  Making(Attempt attempt, BiConsumer<Double, String> report) {
    this.attempt = attempt;
    this.report = report;
  }

  /** Begins a step that takes the whole from one fraction to another. */
  void step(String name, double first, double last) {
    step = name;
    from = first;
    to = last;
    at(0);
  }

  /** Does a part of the step that a stop interrupts. */
  <T> T interruptible(Callable<T> code) throws Exception {
    return attempt.interruptible(code);
  }

  /**
   * Names what a stop closes: a connection or a native handle, for code that an interrupt does not
   * end.
   *
   * @param open null for nothing any more
   */
  public void closing(@Nullable Closeable open) {
    attempt.closing(open);
  }

  /**
   * @throws Attempt.StoppedException when the work is to stop
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
