package devfest.studio.images;

import java.util.Arrays;

/**
 * A summed-area table: means and variances of rectangles of a picture, in constant time. The sums
 * may overflow; their differences are correct nevertheless (modulo 2³²). Not thread-safe.
 */
final class AreaSums {
  /** Index of the table of squared lumas; 0 to 2 are blue, green and red. */
  private static final int SQUARES = 3;

  private final Size size;
  private final int stride;
  private final int[][] sums;
  private int topLeft;
  private int topRight;
  private int bottomLeft;
  private int bottomRight;
  private float scale;

  AreaSums(Copy copy) {
    size = copy.size();
    stride = size.width() + 1;
    sums = new int[4][stride * (size.height() + 1)];
    byte[] bgr = copy.bgr();
    int[] line = new int[4];
    for (int y = 0, p = 0; y < size.height(); y++) {
      Arrays.fill(line, 0);
      for (int x = 0; x < size.width(); x++, p += 3) {
        int luma = Luma.of(bgr, p);
        line[0] += bgr[p] & 0xFF;
        line[1] += bgr[p + 1] & 0xFF;
        line[2] += bgr[p + 2] & 0xFF;
        line[SQUARES] += luma * luma;
        int i = (y + 1) * stride + x + 1;
        for (int k = 0; k < 4; k++) {
          sums[k][i] = sums[k][i - stride] + line[k];
        }
      }
    }
  }

  /** Selects the square of r + 1 pixels per side, clipped to the picture. */
  void select(int x, int y, int r) {
    area(
        Math.max(0, x),
        Math.max(0, y),
        Math.min(size.width(), x + r + 1),
        Math.min(size.height(), y + r + 1));
  }

  /** Selects a rectangle within the picture; right and bottom are exclusive. */
  void area(int left, int top, int right, int bottom) {
    topLeft = top * stride + left;
    topRight = top * stride + right;
    bottomLeft = bottom * stride + left;
    bottomRight = bottom * stride + right;
    scale = 1f / ((right - left) * (bottom - top));
  }

  float mean(int channel) {
    return sum(sums[channel]) * scale;
  }

  /** Returns the variance of the luma. */
  float variance() {
    float luma = (29 * mean(0) + 150 * mean(1) + 77 * mean(2)) * (1 / 256f);
    return sum(sums[SQUARES]) * scale - luma * luma;
  }

  private int sum(int[] table) {
    return table[bottomRight] - table[bottomLeft] - table[topRight] + table[topLeft];
  }
}
