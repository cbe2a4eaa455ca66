package devfest.studio.photos;

import devfest.studio.base.DomainException;
import java.time.Duration;
import java.util.Optional;

/** Too many pictures wait for their turn, of the same user or on this node. */
public final class TooManyUploads extends DomainException {

  /** A few pictures are finished after about this time. */
  private static final Duration WAIT = Duration.ofSeconds(5);

  TooManyUploads() {
    super("Too many uploads are in progress. Try again in a few seconds.");
  }

  @Override
  public Optional<Duration> retryAfter() {
    return Optional.of(WAIT);
  }
}
