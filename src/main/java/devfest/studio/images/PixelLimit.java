package devfest.studio.images;

/**
 * The maximum number of pixels, checked against the sizes in a file before decoding.
 *
 * @param declared the number of pixels in the header of the file; more pixels mean damage
 */
record PixelLimit(long maxPixels, long declared) {
  /** The upper bound of the limit: an array can hold four bytes per pixel. */
  private static final long MAX = 500_000_000;

  /** In pixels: below JPEG's maximum of 65,500, and keeps row buffers small. */
  private static final int LONGEST_SIDE = 32_768;

  PixelLimit {
    if (maxPixels < 1 || maxPixels > MAX) {
      throw new IllegalArgumentException("maxPixels must be from 1 to " + MAX + ": " + maxPixels);
    }
  }

  PixelLimit(long maxPixels) {
    this(maxPixels, maxPixels);
  }

  /** Returns this limit for the rest of a file whose header declares so many pixels. */
  PixelLimit declared(long pixels) {
    return new PixelLimit(maxPixels, pixels);
  }

  void check(long width, long height) throws ImageRefusedException {
    if (width < 1 || height < 1) {
      throw ImageRefusedException.damaged("its width or height is zero");
    }
    if (width > maxPixels / height) {
      throw ImageRefusedException.tooManyPixels(width, height, maxPixels);
    }
    if (Math.max(width, height) > LONGEST_SIDE) {
      throw ImageRefusedException.tooLong(width, height, LONGEST_SIDE);
    }
    if (width * height > declared) {
      throw ImageRefusedException.damaged("it declares two different sizes");
    }
  }
}
