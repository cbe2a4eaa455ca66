package devfest.studio.images;

/** Fades the corners to a colour: to black, like old lenses, or to the colour of paper. */
final class Vignette implements Operation {
  /** Number of table steps from the centre to the corners: finer than 8-bit values. */
  private static final int STEPS = 2048;

  /** Fractional bits of the factors; the products fit in an int. */
  private static final int BITS = 15;

  /** The factor for each squared distance from the centre; the corners are at the last step. */
  private final int[] factors = new int[STEPS + 2];

  /** The value that the colour adds to blue, green and red at each step. */
  private final int[][] added = new int[3][STEPS + 2];

  private Vignette(int colour, double strength) {
    for (int i = 0; i < factors.length; i++) {
      double distance = Math.min(1, (double) i / STEPS);
      double fall = distance * distance * (3 - 2 * distance);
      factors[i] = (int) Math.round((1 << BITS) * (1 - strength * fall));
      for (int channel = 0; channel < 3; channel++) {
        added[channel][i] = ((1 << BITS) - factors[i]) * (colour >> (8 * channel) & 0xFF);
      }
    }
  }

  /** Argument: darkness of the corners (0 to 1). */
  static Operation vignette(Arguments arguments) {
    return new Vignette(0, arguments.expect(1).number(0, 0, 1));
  }

  /** Arguments: colour; its strength in the corners (0 to 1). */
  static Operation fade(Arguments arguments) {
    arguments.expect(2);
    return new Vignette(arguments.colour(0), arguments.number(1, 0, 1));
  }

  @Override
  public Filter on(View view) {
    int[] across = squares(view.size().width());
    int[] down = squares(view.size().height());
    int[] blue = added[0];
    int[] green = added[1];
    int[] red = added[2];
    return (bgr, offset, y) -> {
      int i = offset;
      for (int x = 0; x < across.length; x++, i += 3) {
        int step = across[x] + down[y];
        int factor = factors[step];
        // Noise derived from the position prevents banding.
        int dither = (x * 0x2545 + y * 0x6E4D) * 0x9E37 & 0x7FFF;
        bgr[i] = (byte) (((bgr[i] & 0xFF) * factor + blue[step] + dither) >> BITS);
        bgr[i + 1] = (byte) (((bgr[i + 1] & 0xFF) * factor + green[step] + dither) >> BITS);
        bgr[i + 2] = (byte) (((bgr[i + 2] & 0xFF) * factor + red[step] + dither) >> BITS);
      }
    };
  }

  /** Returns squared distances from the centre; half of {@link #STEPS} at the edge. */
  private static int[] squares(int length) {
    int[] squares = new int[length];
    for (int i = 0; i < length; i++) {
      double t = (2 * i + 1.0) / length - 1;
      squares[i] = (int) Math.round(t * t * STEPS / 2);
    }
    return squares;
  }
}
