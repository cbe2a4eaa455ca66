package devfest.studio.jobs;

import org.jspecify.annotations.Nullable;

/**
 * A job cannot be done for a known reason that is shown to users, such as invalid input or an
 * unavailable remote service.
 */
public final class JobException extends Exception {

  private final boolean permanent;

  private JobException(String reason, boolean permanent, @Nullable Throwable cause) {
    super(reason, cause);
    this.permanent = permanent;
  }

  /** A failure after which the job is retried, up to its maximum number of attempts. */
  public static JobException retryable(String reason, @Nullable Throwable cause) {
    return new JobException(reason, false, cause);
  }

  /** A failure that ends the job, because a retry cannot succeed. */
  public static JobException permanent(String reason, @Nullable Throwable cause) {
    return new JobException(reason, true, cause);
  }

  boolean isPermanent() {
    return permanent;
  }
}
