package devfest.studio.images;

import java.util.Arrays;

/** Reduces pictures; each new pixel is the exact mean of the area that it covers. */
final class Reduction {
  private Reduction() {}

  /** Both arrays have three bytes per pixel; the target must not be larger than the source. */
  static void reduce(byte[] source, Size from, byte[] target, Size to) {
    if (from.equals(to)) {
      System.arraycopy(source, 0, target, 0, 3 * to.width() * to.height());
      return;
    }
    float[] columns = new float[3 * from.width()];
    double step = (double) from.height() / to.height();
    for (int y = 0; y < to.height(); y++) {
      double top = y * step;
      double bottom = Math.min(top + step, from.height());
      Arrays.fill(columns, 0);
      float weights = 0;
      for (int row = (int) top; row < bottom; row++) {
        float weight = (float) overlap(row, top, bottom);
        addRow(source, 3 * row * from.width(), weight, columns);
        weights += weight;
      }
      reduceRow(columns, from.width(), weights, target, 3 * y * to.width(), to.width());
    }
  }

  private static void addRow(byte[] source, int offset, float weight, float[] columns) {
    for (int i = 0; i < columns.length; i++) {
      columns[i] += weight * (source[offset + i] & 0xFF);
    }
  }

  private static void reduceRow(
      float[] columns, int from, float weights, byte[] target, int offset, int to) {
    double step = (double) from / to;
    int o = offset;
    for (int x = 0; x < to; x++) {
      double left = x * step;
      double right = Math.min(left + step, from);
      double blue = 0;
      double green = 0;
      double red = 0;
      double sum = 0;
      for (int column = (int) left; column < right; column++) {
        double weight = overlap(column, left, right);
        sum += weight;
        blue += weight * columns[3 * column];
        green += weight * columns[3 * column + 1];
        red += weight * columns[3 * column + 2];
      }
      double scale = 1 / (sum * weights);
      target[o++] = (byte) (int) (blue * scale + 0.5);
      target[o++] = (byte) (int) (green * scale + 0.5);
      target[o++] = (byte) (int) (red * scale + 0.5);
    }
  }

  /** Returns the fraction of the pixel at {@code index} that is between the two borders. */
  private static double overlap(int index, double from, double to) {
    return Math.min(index + 1, to) - Math.max(index, from);
  }
}
