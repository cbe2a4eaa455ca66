package devfest.studio.images;

import java.awt.image.BufferedImage;

/** Makes small copies of pictures. Immutable, for many threads. */
public final class Thumbnailer {
  private final int longestSide;

  /**
   * @param longestSide of a thumbnail in pixels, at least 1; 300 is usual
   */
  public Thumbnailer(int longestSide) {
    if (longestSide < 1) {
      throw new IllegalArgumentException("longestSide must be positive: " + longestSide);
    }
    this.longestSide = longestSide;
  }

  /** A new picture of the same aspect that fits; a small picture keeps its size. */
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
