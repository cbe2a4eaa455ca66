package devfest.studio.transformations;

import devfest.studio.base.DomainException;
import java.time.Duration;
import java.util.Optional;

/** The queue of transformations has reached its limit. */
public final class QueueFull extends DomainException {

  /** A full queue has free places again after about this time. */
  private static final Duration WAIT = Duration.ofSeconds(30);

  QueueFull() {
    super("The queue of transformations is full. Try again later.");
  }

  @Override
  public Optional<Duration> retryAfter() {
    return Optional.of(WAIT);
  }
}
