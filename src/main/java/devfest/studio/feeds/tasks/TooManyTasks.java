package devfest.studio.feeds.tasks;

import devfest.studio.base.DomainException;
import java.time.Duration;
import java.util.Optional;

/** The user has as many tasks under way as are allowed. */
public final class TooManyTasks extends DomainException {

  /** A task of a few photos takes about so long. */
  private static final Duration WAIT = Duration.ofSeconds(10);

  TooManyTasks(int most) {
    super("At most " + most + " tasks at a time");
  }

  @Override
  public Optional<Duration> retryAfter() {
    return Optional.of(WAIT);
  }
}
