package devfest.studio.images;

/** Draws the white lines of graph paper. */
final class Grid implements Operation {
  /** Every fifth line is stronger. */
  private static final int MAJOR = 5;

  private final int cells;
  private final double strength;

  private Grid(int cells, double strength) {
    this.cells = cells;
    this.strength = strength;
  }

  /** Arguments: number of cells along the longest side; opacity of the strong lines (0 to 1). */
  static Operation grid(Arguments arguments) {
    arguments.expect(2);
    return new Grid(arguments.integer(0, 2, 500), arguments.number(1, 0, 1));
  }

  @Override
  public Filter on(View view) {
    double cell = (double) view.size().longest() / cells;
    double thickness = Math.max(1, view.size().longest() / 1400.0);
    int[] across = lines(view.size().width(), cell, thickness);
    int[] down = lines(view.size().height(), cell, thickness);
    return (bgr, offset, y) -> {
      int i = offset;
      for (int x = 0; x < across.length; x++) {
        int cover = Math.max(across[x], down[y]);
        for (int channel = 0; channel < 3; channel++, i++) {
          int value = bgr[i] & 0xFF;
          bgr[i] = (byte) (value + (((255 - value) * cover) >> 8));
        }
      }
    };
  }

  /** Returns the opacity of the lines at each pixel along a side, in 256ths. */
  private int[] lines(int length, double cell, double thickness) {
    int[] lines = new int[length];
    for (int i = 0; i < length; i++) {
      long nearest = Math.round(i / cell);
      double distance = Math.abs(i - nearest * cell);
      double line = Math.max(0, Math.min(1, thickness - distance));
      lines[i] = (int) (256 * strength * line * (nearest % MAJOR == 0 ? 1 : 0.45));
    }
    return lines;
  }
}
