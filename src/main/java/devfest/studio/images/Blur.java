package devfest.studio.images;

/** Blurs the picture, everywhere or outside of a band. */
final class Blur implements Operation {
  /**
   * The radius of an intermediate blur, relative to the full one. Mixing the sharp with the fully
   * blurred picture would show double edges.
   */
  private static final double HALFWAY = 0.35;

  private final double radius;
  private final double centre;
  private final double half;
  private final float most;

  private Blur(double most, double radius, double centre, double half) {
    this.most = (float) most;
    this.radius = radius;
    this.centre = centre;
    this.half = half;
  }

  /** Arguments: amount (0 to 1); radius in 1000ths of the longest side. */
  static Operation blur(Arguments arguments) {
    arguments.expect(2);
    return new Blur(arguments.number(0, 0, 1), arguments.number(1, 1, 50), 0, -1);
  }

  /**
   * Keeps a horizontal band sharp. Arguments: centre and height of the band relative to the
   * picture's height; radius of the blur outside in 1000ths of the longest side.
   */
  static Operation tiltShift(Arguments arguments) {
    arguments.expect(3);
    return new Blur(
        1, arguments.number(2, 1, 50), arguments.number(0, 0, 1), arguments.number(1, 0, 1) / 2);
  }

  @Override
  public boolean usesNeighbours() {
    return true;
  }

  @Override
  public Filter on(View view) {
    Enlargement[] near = blurred(view, radius * HALFWAY);
    Enlargement[] far = blurred(view, radius);
    int width = view.width();
    int height = view.size().height();
    return (bgr, offset, y) -> {
      float amount = amount((y + 0.5) / height);
      if (amount == 0) {
        return;
      }
      float first = half < 0 ? 0 : Math.max(0, 1 - 2 * Math.abs(amount - 0.5f));
      float second = half < 0 ? amount : Math.max(0, 2 * amount - 1);
      for (int channel = 0; channel < 3; channel++) {
        float[] close = near[channel].row(y);
        float[] wide = far[channel].row(y);
        for (int x = 0, i = offset + channel; x < width; x++, i += 3) {
          float value = bgr[i] & 0xFF;
          float change = first * (close[x] - value) + second * (wide[x] - value);
          bgr[i] = (byte) (int) (value + change + 0.5f);
        }
      }
    };
  }

  private float amount(double y) {
    if (half < 0) {
      return most;
    }
    double outside = Math.abs(y - centre) - half;
    double share = Math.max(0, Math.min(1, outside / Math.max(half, 0.05)));
    return (float) share;
  }

  private static Enlargement[] blurred(View view, double radius) {
    Enlargement[] rows = new Enlargement[3];
    for (int channel = 0; channel < 3; channel++) {
      rows[channel] = new Enlargement(view.small().channel(channel).blurred(radius), view.size());
    }
    return rows;
  }
}
