package devfest.studio.images;

/**
 * Receives the progress of an operation, on the thread that performs it. It may throw an unchecked
 * exception, which stops the operation and is passed to its caller.
 */
@FunctionalInterface
public interface Progress {
  /** Ignores the progress. */
  Progress NONE = fraction -> {};

  /**
   * Receives the current progress.
   *
   * @param fraction the completed fraction, from 0 to 1; never decreases
   */
  void at(double fraction);
}
