package devfest.studio.images;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
   * @param copy the picture at reduced size, as the operations before this one left it; null after
   *     the last operation that {@linkplain #looksAround looks around}
   */
  record View(Size size, @Nullable Copy copy) {
    /**
     * Returns the picture at reduced size.
     *
     * @throws NullPointerException when the operation does not look around
     */
    Copy small() {
      return Objects.requireNonNull(copy, "Only operations that look around have a copy");
    }

    int width() {
      return size.width();
    }
  }
}
