package devfest.studio.images;

/** The dark lines between the rows of a tube screen. */
final class Scanlines implements Operation {
  private static final int LINES = 240;

  private final double strength;

  private Scanlines(double strength) {
    this.strength = strength;
  }

  /** How much darker the lines are, 0 to 1. */
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
