package devfest.studio.images;

/** Draws lines of one colour along edges. */
final class Outline implements Operation {
  /**
   * Minimum radius of the wide blur in 1000ths of a pixel; otherwise small pictures have no lines.
   */
  private static final double FINEST = 1200;

  private final int colour;
  private final float strength;
  private final double width;

  private Outline(int colour, double strength, double width) {
    this.colour = colour;
    this.strength = (float) strength;
    this.width = width;
  }

  /** Arguments: colour; strength (0 to 6); width of the lines in 1000ths of the longest side. */
  static Operation outline(Arguments arguments) {
    arguments.expect(3);
    return new Outline(
        arguments.colour(0), arguments.number(1, 0, 6), arguments.number(2, 0.5, 10));
  }

  @Override
  public boolean usesNeighbours() {
    return true;
  }

  @Override
  public Filter on(View view) {
    Enlargement lines = new Enlargement(edges(view.small()), view.size());
    int length = view.width();
    int blue = colour & 0xFF;
    int green = colour >> 8 & 0xFF;
    int red = colour >> 16;
    return (bgr, offset, y) -> {
      float[] row = lines.row(y);
      int i = offset;
      for (int x = 0; x < length; x++, i += 3) {
        int cover = (int) (256 * row[x]);
        bgr[i] = towards(bgr[i], blue, cover);
        bgr[i + 1] = towards(bgr[i + 1], green, cover);
        bgr[i + 2] = towards(bgr[i + 2], red, cover);
      }
    };
  }

  private static byte towards(byte value, int colour, int cover) {
    int from = value & 0xFF;
    return (byte) (from + (((colour - from) * cover) >> 8));
  }

  /** Returns the dark side of each edge, 0 to 1: the difference of a wide and a narrow blur. */
  private Plane edges(Copy small) {
    Plane luma = small.luma();
    float[] narrow = luma.blurred(width * 0.6).values();
    Plane wide = luma.blurred(Math.max(width * 1.6, FINEST / luma.size().longest()));
    float[] values = wide.values();
    for (int i = 0; i < values.length; i++) {
      float difference = values[i] - narrow[i];
      float line = strength * (difference - 1.5f) * (1 / 14f);
      values[i] = Math.max(0, Math.min(1, line));
    }
    return wide;
  }
}
