package devfest.studio.transformations;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Where a transformation is in its life. Lower case on the wire. */
public enum Status {
  QUEUED,
  PROCESSING,
  COMPLETED,
  FAILED,
  CANCELLED;

  /** Those of a job that has not ended. */
  static final Set<Status> OPEN = EnumSet.of(QUEUED, PROCESSING);

  boolean isFinal() {
    return !OPEN.contains(this);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
