package devfest.studio.images;

/** How many pixels a picture may have; asked with the size a header claims, before decoding. */
record PixelLimit(long maxPixels) {
  /** Four bytes a pixel fit into an array. */
  private static final long MOST = 500_000_000;

  /** A row and a column fit into a JPEG, which ends at 65,500, and into buffers of bounded size. */
  private static final int LONGEST_SIDE = 32_768;

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
    if (Math.max(width, height) > LONGEST_SIDE) {
      throw ImageRefusedException.tooLong(width, height, LONGEST_SIDE);
    }
  }
}
