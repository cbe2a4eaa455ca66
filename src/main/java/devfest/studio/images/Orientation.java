package devfest.studio.images;

import java.awt.image.BufferedImage;

/** Rotates and mirrors pictures according to the EXIF orientation, 1 (upright) to 8. */
final class Orientation {
  /** Side of a tile in pixels, small enough for the cache to hold the rows of both pictures. */
  private static final int TILE = 32;

  private Orientation() {}

  /** Returns the picture itself if it is upright, else a new upright one. */
  static BufferedImage upright(BufferedImage source, int orientation) {
    if (orientation == 1) {
      return source;
    }
    int w = source.getWidth();
    int h = source.getHeight();
    boolean transposed = orientation >= 5;
    BufferedImage target = Bgr.create(transposed ? h : w, transposed ? w : h);
    int line = 3 * target.getWidth();
    int lastX = 3 * (target.getWidth() - 1);
    int lastY = line * (target.getHeight() - 1);
    byte[] from = Bgr.pixels(source);
    byte[] to = Bgr.pixels(target);
    // Index of the source's first pixel in the target, and the steps to its right and lower
    // neighbours.
    switch (orientation) {
      case 2 -> move(from, to, w, h, lastX, -3, line);
      case 3 -> move(from, to, w, h, lastX + lastY, -3, -line);
      case 4 -> move(from, to, w, h, lastY, 3, -line);
      case 5 -> move(from, to, w, h, 0, line, 3);
      case 6 -> move(from, to, w, h, lastX, line, -3);
      case 7 -> move(from, to, w, h, lastX + lastY, -line, -3);
      case 8 -> move(from, to, w, h, lastY, -line, 3);
      default -> throw new IllegalArgumentException("Not an orientation: " + orientation);
    }
    return target;
  }

  private static void move(byte[] from, byte[] to, int w, int h, int first, int dx, int dy) {
    for (int top = 0; top < h; top += TILE) {
      for (int left = 0; left < w; left += TILE) {
        int right = Math.min(left + TILE, w);
        int bottom = Math.min(top + TILE, h);
        for (int y = top; y < bottom; y++) {
          int i = 3 * (y * w + left);
          int o = first + left * dx + y * dy;
          for (int x = left; x < right; x++, i += 3, o += dx) {
            to[o] = from[i];
            to[o + 1] = from[i + 1];
            to[o + 2] = from[i + 2];
          }
        }
      }
    }
  }
}
