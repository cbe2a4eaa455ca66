package devfest.studio.images;

import java.util.Optional;

/** One step of a style, for pictures of every size. Immutable, for many threads. */
interface Operation {
  /** Prepares the step for one picture. */
  Filter on(View view);

  /** Whether {@link #on} reads {@link View#small}: pixels beside the one that changes. */
  default boolean looksAround() {
    return false;
  }

  /** This operation and the next as one that costs less, when there is such a thing. */
  default Optional<Operation> fusedWith(Operation next) {
    return Optional.empty();
  }

  /** Changes a picture row by row. May keep buffers: for one thread. */
  @FunctionalInterface
  interface Filter {
    /**
     * Changes one row in place; rows come from top to bottom.
     *
     * @param bgr the picture's pixels
     * @param offset of the row's first byte
     * @param y the row's number
     */
    void row(byte[] bgr, int offset, int y);
  }

  /**
   * What an operation knows of a picture before it starts.
   *
   * @param size of the picture that is filtered
   * @param small the picture at reduced size, as the operations before this one left it
   */
  record View(Size size, Copy small) {
    int width() {
      return size.width();
    }
  }
}
