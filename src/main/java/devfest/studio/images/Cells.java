package devfest.studio.images;

import devfest.studio.images.Operation.View;

/** A grid of cells over a picture and the mean colour of each cell. Not thread-safe. */
final class Cells {
  private final double width;
  private final double height;
  private final int[] column;
  private final int columns;
  private final byte[] bgr;
  private int row;

  /**
   * @param count the number of cells along the longest side
   * @param tallness the height of a cell divided by its width
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

  /** Returns the width of a cell in pixels. */
  double width() {
    return width;
  }

  /** Returns the height of a cell in pixels. */
  double height() {
    return height;
  }

  /** Selects the row of cells that contains the pixel row y. */
  void select(int y) {
    row = columns * (int) Math.min(bgr.length / 3 / columns - 1, (y + 0.5) / height);
  }

  /** Returns the index of the cell at pixel x in the selected row. */
  int at(int x) {
    return row + column[x];
  }

  int channel(int cell, int channel) {
    return bgr[3 * cell + channel] & 0xFF;
  }

  /** Returns the luma of a cell, 0 to 255. */
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
