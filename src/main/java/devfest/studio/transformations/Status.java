package devfest.studio.transformations;

import java.util.Locale;

/** Where a transformation is in its life. Lower case on the wire. */
public enum Status {
  QUEUED,
  PROCESSING,
  COMPLETED,
  FAILED,
  CANCELLED;

  boolean isFinal() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
