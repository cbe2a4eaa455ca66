package devfest.studio.images;

/** How many pixels a picture may have; asked with the size a header claims, before decoding. */
record PixelLimit(long maxPixels) {
  /** Four bytes a pixel fit into an array. */
  private static final long MOST = 500_000_000;

  PixelLimit {
    if (maxPixels < 1 || maxPixels > MOST) {
      throw new IllegalArgumentException("maxPixels must be 1 to " + MOST + ": " + maxPixels);
    }
  }

  void check(long width, long height) throws ImageRefusedException {
    if (width < 1 || height < 1) {
      throw ImageRefusedException.damaged("its width or height is zero");
    }
    if (width > maxPixels / height) {
      throw ImageRefusedException.tooManyPixels(width, height, maxPixels);
    }
  }
}
