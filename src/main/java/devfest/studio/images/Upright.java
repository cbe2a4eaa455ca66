package devfest.studio.images;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * Takes the rows of a stored picture from top to bottom and turns them upright, according to the
 * EXIF orientation, 1 (upright) to 8. A picture therefore needs no second copy. Not thread-safe.
 */
final class Upright {
  /**
   * Number of rows that are turned together, small enough for the cache to hold the rows of both
   * pictures.
   */
  private static final int TILE = 32;

  private final Size stored;
  private final BufferedImage image;
  private final byte[] pixels;

  /** The rows that have not been turned yet; the picture itself if it is upright. */
  private final byte[] band;

  /** The index of the first stored pixel, and the steps to its right and lower neighbours. */
  private final int first;

  private final int right;
  private final int down;
  private final boolean turned;

  /**
   * @param stored the size before the turn
   */
  Upright(Size stored, int orientation) {
    this.stored = stored;
    int w = stored.width();
    int h = stored.height();
    boolean transposed = orientation >= 5;
    image = Bgr.create(transposed ? h : w, transposed ? w : h);
    pixels = Bgr.pixels(image);
    turned = orientation != 1;
    band = turned ? new byte[3 * w * Math.min(TILE, h)] : pixels;
    int line = 3 * image.getWidth();
    int lastX = line - 3;
    int lastY = line * (image.getHeight() - 1);
    int[] steps =
        switch (orientation) {
          case 1 -> new int[] {0, 3, line};
          case 2 -> new int[] {lastX, -3, line};
          case 3 -> new int[] {lastX + lastY, -3, -line};
          case 4 -> new int[] {lastY, 3, -line};
          case 5 -> new int[] {0, line, 3};
          case 6 -> new int[] {lastX, line, -3};
          case 7 -> new int[] {lastX + lastY, -line, -3};
          case 8 -> new int[] {lastY, -line, 3};
          default -> throw new IllegalArgumentException("Not an orientation: " + orientation);
        };
    first = steps[0];
    right = steps[1];
    down = steps[2];
  }

  /** Returns the array that takes the rows, three bytes per pixel. */
  byte[] rows() {
    return band;
  }

  /** Returns the index in {@link #rows} of the first byte of a row. */
  int at(int y) {
    return 3 * stored.width() * (turned ? y % TILE : y);
  }

  /** Marks a row as written. Called for each row, from top to bottom. */
  void done(int y) {
    if (turned && (y % TILE == TILE - 1 || y == stored.height() - 1)) {
      turn(y / TILE * TILE, y + 1);
    }
  }

  /** Makes all pixels white, for pictures of which not all pixels are stored. */
  void fill() {
    Arrays.fill(pixels, (byte) 0xFF);
  }

  /**
   * Writes a part of a row, instead of whole rows.
   *
   * @param step the distance of the pixels in the picture; 1 if they are neighbours
   * @param bgr the pixels
   */
  void set(int x, int y, int step, byte[] bgr) {
    int o = first + x * right + y * down;
    for (int i = 0; i < bgr.length; i += 3, o += step * right) {
      pixels[o] = bgr[i];
      pixels[o + 1] = bgr[i + 1];
      pixels[o + 2] = bgr[i + 2];
    }
  }

  BufferedImage image() {
    return image;
  }

  private void turn(int top, int bottom) {
    int w = stored.width();
    for (int left = 0; left < w; left += TILE) {
      int end = Math.min(left + TILE, w);
      for (int y = top; y < bottom; y++) {
        int i = 3 * ((y - top) * w + left);
        int o = first + left * right + y * down;
        for (int x = left; x < end; x++, i += 3, o += right) {
          pixels[o] = band[i];
          pixels[o + 1] = band[i + 1];
          pixels[o + 2] = band[i + 2];
        }
      }
    }
  }
}
