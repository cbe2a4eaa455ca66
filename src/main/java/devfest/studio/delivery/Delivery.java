package devfest.studio.delivery;

import devfest.studio.base.Backoff;
import devfest.studio.jobs.Job;
import devfest.studio.jobs.Work;
import java.time.Duration;

/**
 * The work of sending the events of cursors that are due. The position is stored after each
 * request, so another node continues there. Safe for use from many threads.
 *
 * @param <J> a cursor
 */
public abstract class Delivery<J extends Job> implements Work<J> {

  /** Many, because a receiver that does not respond occupies one until the deadline. */
  @Override
  public int concurrency() {
    return 128;
  }

  /** Longer than the deadline of {@link Receivers}. */
  @Override
  public Duration lease() {
    return Duration.ofSeconds(20);
  }

  /** Failures of the receiver do not count: {@link Progress#fail} decides about them. */
  @Override
  public int maxAttempts() {
    return Integer.MAX_VALUE;
  }

  @Override
  public Backoff backoff() {
    return new Backoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(1));
  }

  @Override
  public String faultMessage() {
    return "The events could not be sent. The log of the studio has the cause.";
  }

  /** Never called, since the number of attempts is not limited. */
  @Override
  public void failed(J job, String reason) {
    throw new IllegalStateException(reason);
  }
}
