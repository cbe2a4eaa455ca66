package devfest.studio.images;

/** Draws the dark lines between the rows of a cathode-ray tube. */
final class Scanlines implements Operation {
  /** Number of lines along the longest side: the visible lines of an NTSC field. */
  private static final int LINES = 240;

  private final double strength;

  private Scanlines(double strength) {
    this.strength = strength;
  }

  /** Argument: darkness of the lines (0 to 1). */
  static Operation scanlines(Arguments arguments) {
    return new Scanlines(arguments.expect(1).number(0, 0, 1));
  }

  @Override
  public Filter on(View view) {
    int length = 3 * view.width();
    double period = Math.max(3, (double) view.size().longest() / LINES);
    return (bgr, offset, y) -> {
      double wave = 0.5 - 0.5 * Math.cos(2 * Math.PI * y / period);
      int keep = (int) Math.round(256 * (1 - strength * wave));
      for (int i = offset; i < offset + length; i++) {
        bgr[i] = (byte) (((bgr[i] & 0xFF) * keep) >> 8);
      }
    };
  }
}
