package devfest.studio.jobs;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a job waits after a failed attempt: each time several times longer, up to a bound. A
 * quarter of it is chance, so that jobs that failed together are not tried together.
 *
 * @param first the wait after the first attempt
 * @param factor how many times longer each further wait is
 * @param most the longest wait
 */
public record Backoff(Duration first, int factor, Duration most) {

  private static final double JITTER = 0.25;

  /**
   * The wait after a number of failed attempts.
   *
   * @param attempts 1 after the first
   */
  public Duration after(int attempts) {
    double millis = first.toMillis() * Math.pow(factor, Math.max(0, attempts - 1));
    double bounded = Math.min(millis, (double) most.toMillis());
    double chance = 1 + JITTER * ThreadLocalRandom.current().nextDouble();
    return Duration.ofMillis((long) (bounded * chance));
  }
}
