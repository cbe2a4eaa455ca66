package devfest.studio.feeds.tasks;

import devfest.studio.base.DomainException;
import java.time.Duration;
import java.util.Optional;

/** The user has reached the limit of open tasks. */
public final class TooManyTasks extends DomainException {

  /** A task with a few photos takes about this long. */
  private static final Duration WAIT = Duration.ofSeconds(10);

  TooManyTasks(int max) {
    super("A user can have at most %d open tasks. Wait until one has ended.".formatted(max));
  }

  @Override
  public Optional<Duration> retryAfter() {
    return Optional.of(WAIT);
  }
}
