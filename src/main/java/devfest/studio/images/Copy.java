package devfest.studio.images;

import devfest.studio.images.Operation.Filter;
import devfest.studio.images.Operation.View;

/**
 * A reduced copy of a picture, on which operations that read neighbouring pixels are cheap, and
 * lines and blurs look the same for a preview as for twelve megapixels. Immutable.
 */
final class Copy {
  /** In pixels: enough for fine lines, and about a tenth of the pixels of a phone's photo. */
  static final int LONGEST_SIDE = 1280;

  private final byte[] bgr;
  private final Size size;

  Copy(byte[] bgr, Size size) {
    this.bgr = bgr;
    this.size = size;
  }

  /** Returns the pixels, which the caller must not change. */
  byte[] bgr() {
    return bgr;
  }

  Size size() {
    return size;
  }

  static Copy of(byte[] bgr, Size size) {
    Size small = size.within(LONGEST_SIDE);
    byte[] pixels = new byte[3 * small.width() * small.height()];
    Reduction.reduce(bgr, size, pixels, small);
    return new Copy(pixels, small);
  }

  Copy after(Operation operation) {
    byte[] pixels = bgr.clone();
    Filter filter = operation.on(new View(size, this));
    for (int y = 0; y < size.height(); y++) {
      filter.row(pixels, 3 * y * size.width(), y);
    }
    return new Copy(pixels, size);
  }

  /** Returns the luma of each pixel, 0 to 255. */
  Plane luma() {
    float[] values = new float[size.width() * size.height()];
    for (int i = 0, p = 0; i < values.length; i++, p += 3) {
      values[i] = Luma.of(bgr, p);
    }
    return new Plane(values, size);
  }

  /**
   * Returns the values of one channel, 0 to 255.
   *
   * @param channel 0 blue, 1 green, 2 red
   */
  Plane channel(int channel) {
    float[] values = new float[size.width() * size.height()];
    for (int i = 0, p = channel; i < values.length; i++, p += 3) {
      values[i] = bgr[p] & 0xFF;
    }
    return new Plane(values, size);
  }
}
