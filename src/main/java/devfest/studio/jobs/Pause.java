package devfest.studio.jobs;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.base.Backoff;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The pause of a loop during an outage, such as a full disk: without it, each queued job would be
 * run in vain, one after the other. The pause grows until a job succeeds. Thread-safe.
 */
final class Pause {

  /** Short enough that users see the end of an outage; four vain attempts per minute in one. */
  private static final Backoff LENGTHS =
      new Backoff(Duration.ofSeconds(5), 2, Duration.ofSeconds(15));

  private final LongSupplier nanoTime;

  @GuardedBy("this")
  private int count;

  @GuardedBy("this")
  private long until;

  Pause() {
    this(System::nanoTime);
  }

  Pause(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.until = nanoTime.getAsLong();
  }

  /**
   * Begins a pause that is longer than the previous one. Does nothing during a pause, because jobs
   * that run at the same time meet the same outage.
   *
   * @return the remaining length
   */
  synchronized Duration begin() {
    long now = nanoTime.getAsLong();
    if (until - now <= 0) {
      count++;
      until = now + LENGTHS.after(count).toNanos();
    }
    return Duration.ofNanos(until - now);
  }

  /** Ends the pause because a job has succeeded. The next pause is short again. */
  synchronized void end() {
    count = 0;
    until = nanoTime.getAsLong();
  }

  synchronized boolean isOn() {
    return until - nanoTime.getAsLong() > 0;
  }
}
