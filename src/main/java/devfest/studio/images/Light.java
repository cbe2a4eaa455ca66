package devfest.studio.images;

/** Adds a soft light of one colour: sun, lamps, a light leak. */
final class Light implements Operation {
  /** Fractional bits of the light; the products fit in an int. */
  private static final int BITS = 14;

  private final int colour;
  private final double strength;
  private final double x;
  private final double y;
  private final double radius;

  private Light(int colour, double strength, double x, double y, double radius) {
    this.colour = colour;
    this.strength = strength;
    this.x = x;
    this.y = y;
    this.radius = radius;
  }

  /**
   * Arguments: colour; strength (0 to 1); x and y of the centre relative to width and height,
   * possibly outside of the picture; radius relative to the longest side.
   */
  static Operation light(Arguments arguments) {
    arguments.expect(5);
    return new Light(
        arguments.colour(0),
        arguments.number(1, 0, 1),
        arguments.number(2, -1, 2),
        arguments.number(3, -1, 2),
        arguments.number(4, 0.05, 2));
  }

  @Override
  public Filter on(View view) {
    Size size = view.size();
    double reach = radius * size.longest();
    int[] across = fall(size.width(), x, reach, (1 << BITS) * strength);
    int[] down = fall(size.height(), y, reach, 1 << BITS);
    int blue = colour & 0xFF;
    int green = colour >> 8 & 0xFF;
    int red = colour >> 16;
    return (bgr, offset, y) -> {
      int i = offset;
      for (int x = 0; x < across.length; x++, i += 3) {
        int light = (across[x] * down[y]) >> BITS;
        int noise = (x * 0x2545 + y * 0x6E4D) * 0x9E37 & ((1 << BITS) - 1);
        bgr[i] = lit(bgr[i], blue * light, noise);
        bgr[i + 1] = lit(bgr[i + 1], green * light, noise);
        bgr[i + 2] = lit(bgr[i + 2], red * light, noise);
      }
    };
  }

  /** Moves the value towards white by the light; noise prevents banding. */
  private static byte lit(byte value, int light, int noise) {
    int before = value & 0xFF;
    return (byte) (before + (((255 - before) * (light >> 8) + noise) >> BITS));
  }

  private static int[] fall(int length, double centre, double reach, double most) {
    int[] fall = new int[length];
    for (int i = 0; i < length; i++) {
      double distance = (i + 0.5 - centre * length) / reach;
      fall[i] = (int) Math.round(most * Math.exp(-distance * distance));
    }
    return fall;
  }
}
