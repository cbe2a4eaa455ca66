package devfest.studio.images;

/**
 * Shifts red and blue horizontally in opposite directions, like a lens with chromatic aberration.
 */
final class Fringe implements Operation {
  private final double shift;

  private Fringe(double shift) {
    this.shift = shift;
  }

  /** Argument: shift of each channel in 1000ths of the longest side. */
  static Operation fringe(Arguments arguments) {
    return new Fringe(arguments.expect(1).number(0, 0, 50));
  }

  @Override
  public Filter on(View view) {
    int width = view.width();
    int pixels = (int) Math.min(width - 1L, Math.round(shift * view.size().longest() / 1000));
    byte[] before = new byte[3 * width];
    return (bgr, offset, y) -> {
      System.arraycopy(bgr, offset, before, 0, before.length);
      for (int x = 0; x < width; x++) {
        int i = offset + 3 * x;
        bgr[i] = before[3 * Math.min(x + pixels, width - 1)];
        bgr[i + 2] = before[3 * Math.max(x - pixels, 0) + 2];
      }
    };
  }
}
