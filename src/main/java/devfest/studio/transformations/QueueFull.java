package devfest.studio.transformations;

import devfest.studio.base.DomainException;
import java.time.Duration;
import java.util.Optional;

/** Too many transformations wait. */
public final class QueueFull extends DomainException {

  /** A queue of the usual length is shorter by some jobs after it. */
  private static final Duration WAIT = Duration.ofSeconds(30);

  QueueFull() {
    super("Too many transformations wait already");
  }

  @Override
  public Optional<Duration> retryAfter() {
    return Optional.of(WAIT);
  }
}
