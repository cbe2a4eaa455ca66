package devfest.studio.transformations;

/**
 * Fired in the transaction that changes the status or progress of a transformation, after its event
 * has been appended to the log.
 */
public record Step(Kind kind, Transformation transformation) {

  /** The kind of change. */
  public enum Kind {
    QUEUED,
    STARTED,
    PROGRESS,
    COMPLETED,
    FAILED,
    CANCELLED
  }
}
