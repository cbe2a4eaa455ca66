package devfest.studio.settings;

import java.time.Duration;

/**
 * How often something may happen: up to {@code most} times in a burst, and regained evenly over the
 * period. Its text is the count and an ISO-8601 duration, such as {@code 120/PT1M}. Immutable.
 *
 * @param most at least 1
 * @param period from a second to a day
 */
public record Frequency(int most, Duration period) {

  /** Above any real use; keeps the time for one action above zero. */
  private static final int MAX = 1_000_000_000;

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(1);

  /**
   * @throws IllegalArgumentException if a bound is exceeded
   */
  public Frequency {
    if (most < 1 || most > MAX || period.compareTo(SHORTEST) < 0 || period.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("The frequency is out of range");
    }
  }

  /**
   * @throws IllegalArgumentException if the text is not a frequency
   * @throws java.time.DateTimeException if its period is not a duration
   */
  static Frequency of(String text) {
    int slash = text.indexOf('/');
    if (!text.substring(0, Math.max(0, slash)).matches("\\d{1,10}")) {
      throw new IllegalArgumentException("'" + text + "' is not a frequency");
    }
    long most = Long.parseLong(text.substring(0, slash));
    return new Frequency((int) Math.min(most, MAX + 1L), Duration.parse(text.substring(slash + 1)));
  }

  /** Returns the time in which one action is regained, in nanoseconds; at least 1. */
  public long nanosEach() {
    return period.toNanos() / most;
  }
}
