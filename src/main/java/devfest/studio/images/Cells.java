package devfest.studio.images;

import devfest.studio.images.Operation.View;

/** The mean colours of a picture's cells, which lie in columns and rows. For one thread. */
final class Cells {
  private final double width;
  private final double height;
  private final int[] column;
  private final int columns;
  private final byte[] bgr;
  private int row;

  /**
   * @param count how many cells lie along the longest side
   * @param tallness of a cell: its height over its width
   */
  Cells(View view, int count, double tallness) {
    Size full = view.size();
    width = Math.max(1, (double) full.longest() / count);
    height = Math.max(1, width * tallness);
    columns = (int) Math.ceil(full.width() / width);
    int rows = (int) Math.ceil(full.height() / height);
    column = new int[full.width()];
    for (int x = 0; x < column.length; x++) {
      column[x] = Math.min(columns - 1, (int) ((x + 0.5) / width));
    }
    bgr = new byte[3 * columns * rows];
    means(view.small(), full, rows);
  }

  /** In pixels. */
  double width() {
    return width;
  }

  /** In pixels. */
  double height() {
    return height;
  }

  /** Turns to the cells of the pixels' row y. */
  void select(int y) {
    row = columns * (int) Math.min(bgr.length / 3 / columns - 1, (y + 0.5) / height);
  }

  /** The cell of the pixel at x in the selected row. */
  int at(int x) {
    return row + column[x];
  }

  int channel(int cell, int channel) {
    return bgr[3 * cell + channel] & 0xFF;
  }

  /** The luma of a cell. */
  int luma(int cell) {
    return Luma.of(bgr, 3 * cell);
  }

  private void means(Copy small, Size full, int rows) {
    AreaSums sums = new AreaSums(small);
    double scaleX = width * small.size().width() / full.width();
    double scaleY = height * small.size().height() / full.height();
    for (int y = 0; y < rows; y++) {
      int top = (int) Math.min(y * scaleY, small.size().height() - 1.0);
      int bottom = (int) Math.max(top + 1, Math.min((y + 1) * scaleY, small.size().height()));
      for (int x = 0; x < columns; x++) {
        int left = (int) Math.min(x * scaleX, small.size().width() - 1.0);
        int right = (int) Math.max(left + 1, Math.min((x + 1) * scaleX, small.size().width()));
        sums.area(left, top, right, bottom);
        for (int channel = 0; channel < 3; channel++) {
          bgr[3 * (y * columns + x) + channel] = (byte) (int) (sums.mean(channel) + 0.5f);
        }
      }
    }
  }
}
