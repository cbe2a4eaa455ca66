package devfest.studio.base;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A rule of the domain refuses an operation. The message is a sentence for the caller. Entities and
 * background work throw it; {@code app.http.Refusals} maps each kind to an HTTP status.
 */
public abstract class DomainException extends RuntimeException {

  protected DomainException(String message) {
    super(message);
  }

  protected DomainException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * Returns the time after which the same operation may succeed; empty if waiting does not help.
   */
  public Optional<Duration> retryAfter() {
    return Optional.empty();
  }
}
