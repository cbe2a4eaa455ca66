package devfest.studio.base;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential backoff between attempts, for example at a job. Up to 25 % of random jitter is added,
 * so attempts that fail at the same time are not retried at the same time.
 *
 * @param first the delay after the first attempt
 * @param factor the factor by which the delay grows after each further attempt
 * @param max the longest delay, without jitter
 */
public record Backoff(Duration first, int factor, Duration max) {

  /** Largest share of the delay that is added at random; enough to spread simultaneous retries. */
  private static final double JITTER = 0.25;

  /**
   * Returns the delay before the next attempt.
   *
   * @param attempts number of failed attempts so far, from 1
   */
  public Duration after(int attempts) {
    double millis = first.toMillis() * Math.pow(factor, Math.max(0, attempts - 1));
    double bounded = Math.min(millis, (double) max.toMillis());
    double jitter = 1 + JITTER * ThreadLocalRandom.current().nextDouble();
    return Duration.ofMillis((long) (bounded * jitter));
  }
}
