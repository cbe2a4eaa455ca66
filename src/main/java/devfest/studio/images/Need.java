package devfest.studio.images;

/**
 * The memory that a picture takes while it is in work, at most.
 *
 * @param width of the picture in pixels, before it is turned upright
 * @param height of the picture in pixels
 * @param heap bytes of the Java heap
 * @param other bytes outside of the heap, which native codecs allocate
 */
public record Need(long width, long height, long heap, long other) {

  /** Returns the bytes of both kinds. */
  public long total() {
    return heap + other;
  }

  /** Returns this need and further bytes of the heap. */
  public Need plus(long bytes) {
    return new Need(width, height, heap + bytes, other);
  }
}
