package devfest.studio.images;

/**
 * Hears how far a piece of work has come, on the thread that works. It may throw an unchecked
 * exception to stop the work, which then reaches whoever asked for it.
 */
@FunctionalInterface
public interface Progress {
  /** For those who don't care. */
  Progress NONE = fraction -> {};

  /**
   * Hears of the work done so far.
   *
   * @param fraction how much is done, from 0 to 1, never falling
   */
  void at(double fraction);
}
