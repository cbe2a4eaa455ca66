package devfest.studio.transformations;

import devfest.studio.base.DomainException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The user's quota of transformations for the day is used up. */
public final class QuotaExhausted extends DomainException {

  private final Duration wait;

  QuotaExhausted(int limit, Instant resetsAt, Duration wait) {
    super(
        "All %d transformations of the day are used. The quota resets at %s."
            .formatted(limit, resetsAt));
    this.wait = wait;
  }

  @Override
  public Optional<Duration> retryAfter() {
    return Optional.of(wait);
  }
}
