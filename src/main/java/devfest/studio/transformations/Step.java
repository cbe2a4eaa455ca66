package devfest.studio.transformations;

/** Fired in the transaction in which a transformation takes a step of its life. */
record Step(Kind kind, Transformation transformation) {

  enum Kind {
    QUEUED,
    STARTED,
    PROGRESS,
    COMPLETED,
    FAILED,
    CANCELLED
  }
}
