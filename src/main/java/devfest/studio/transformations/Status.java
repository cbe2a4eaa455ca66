package devfest.studio.transformations;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The status of a transformation. Clients see it in lower case. */
public enum Status {
  QUEUED,
  PROCESSING,
  COMPLETED,
  FAILED,
  CANCELLED;

  /** The statuses of a transformation that has not ended. */
  static final Set<Status> OPEN = EnumSet.of(QUEUED, PROCESSING);

  boolean isFinal() {
    return !OPEN.contains(this);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
