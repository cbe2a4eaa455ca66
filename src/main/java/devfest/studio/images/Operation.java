package devfest.studio.images;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One step of a style. Independent of the picture's size. Immutable. */
interface Operation {
  /** Prepares the operation for one picture. */
  Filter on(View view);

  /** Whether {@link #on} reads {@link View#small}, that is, neighbouring pixels. */
  default boolean usesNeighbours() {
    return false;
  }

  /** Returns one cheaper operation with the effect of this and the next; empty if there is none. */
  default Optional<Operation> fusedWith(Operation next) {
    return Optional.empty();
  }

  /** Changes a picture row by row. Not thread-safe: may have buffers. */
  @FunctionalInterface
  interface Filter {
    /**
     * Changes one row in place. Called for each row from top to bottom.
     *
     * @param bgr the picture's pixels
     * @param offset the index of the row's first byte
     * @param y the number of the row, from 0
     */
    void row(byte[] bgr, int offset, int y);
  }

  /**
   * What an operation can read before it starts.
   *
   * @param size the size of the picture
   * @param copy a reduced copy after all previous operations; null if no operation needs it
   */
  record View(Size size, @Nullable Copy copy) {
    /**
     * Returns the reduced copy.
     *
     * @throws NullPointerException if the operation does not use neighbours
     */
    Copy small() {
      return Objects.requireNonNull(copy, "Only operations that use neighbours have a copy");
    }

    int width() {
      return size.width();
    }
  }
}
