package devfest.studio.delivery;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a receiver has responded to a request.
 *
 * @param status the status of its response; null if there was none
 * @param error what went wrong, as a sentence; null if the request was accepted
 * @param took the time until the response
 * @param retryAfter when the receiver wants the next attempt
 */
public record Outcome(
    @Nullable Integer status,
    @Nullable String error,
    Duration took,
    Optional<Duration> retryAfter) {

  private static final int GONE = 410;

  public boolean isAccepted() {
    return status != null && status / 100 == 2;
  }

  /** Whether the receiver wants no more requests. */
  public boolean isGone() {
    return is(GONE);
  }

  public boolean is(int other) {
    return status != null && status == other;
  }
}
