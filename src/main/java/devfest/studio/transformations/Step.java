package devfest.studio.transformations;

/** Fired in the transaction in which a transformation takes a step of its life. */
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
