package devfest.studio.transformations;

/**
 * Fired in the transaction in which a transformation takes a step of its life, after it was counted
 * and announced.
 */
public record Step(Kind kind, Transformation transformation) {

  /** What happened to it. */
  public enum Kind {
    QUEUED,
    STARTED,
    PROGRESS,
    COMPLETED,
    FAILED,
    CANCELLED
  }
}
