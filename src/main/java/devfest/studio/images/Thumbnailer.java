package devfest.studio.images;

import java.awt.image.BufferedImage;

/** Creates thumbnails. Immutable. */
public final class Thumbnailer {
  private final int longestSide;

  /**
   * @param longestSide the longest side of a thumbnail in pixels, at least 1
   * @throws IllegalArgumentException if it is less than 1
   */
  public Thumbnailer(int longestSide) {
    if (longestSide < 1) {
      throw new IllegalArgumentException("longestSide must be at least 1: " + longestSide);
    }
    this.longestSide = longestSide;
  }

  /** Returns a new picture with the same aspect ratio; a smaller picture keeps its size. */
  public BufferedImage thumbnail(BufferedImage image) {
    BufferedImage source = Bgr.of(image);
    Size size = new Size(source.getWidth(), source.getHeight()).within(longestSide);
    BufferedImage target = Bgr.create(size.width(), size.height());
    Reduction.reduce(
        Bgr.pixels(source),
        new Size(source.getWidth(), source.getHeight()),
        Bgr.pixels(target),
        size);
    return target;
  }
}
