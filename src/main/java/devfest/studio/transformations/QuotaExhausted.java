package devfest.studio.transformations;

import devfest.studio.base.DomainException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The user's transformations of the day are used up. */
public final class QuotaExhausted extends DomainException {

  private final Duration wait;

  QuotaExhausted(int limit, Instant resetsAt, Duration wait) {
    super("The " + limit + " transformations of the day are used up; it resets at " + resetsAt);
    this.wait = wait;
  }

  @Override
  public Optional<Duration> retryAfter() {
    return Optional.of(wait);
  }
}
