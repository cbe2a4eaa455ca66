package devfest.studio.jobs;

import org.jspecify.annotations.Nullable;

/** A job can't be done, for a reason that people may read. It is no fault of the studio. */
public final class JobException extends Exception {

  private final boolean lasting;

  private JobException(String reason, boolean lasting, @Nullable Throwable cause) {
    super(reason, cause);
    this.lasting = lasting;
  }

  /** It may be possible later. */
  public static JobException passing(String reason, @Nullable Throwable cause) {
    return new JobException(reason, false, cause);
  }

  /** Trying again would not help. */
  public static JobException lasting(String reason, @Nullable Throwable cause) {
    return new JobException(reason, true, cause);
  }

  boolean isLasting() {
    return lasting;
  }
}
