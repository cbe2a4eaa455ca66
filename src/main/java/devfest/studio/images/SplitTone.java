package devfest.studio.images;

/** Tints shadows with one colour and highlights with another, and keeps the brightness. */
final class SplitTone implements Operation {
  /** The value added to blue, green and red for each luma. */
  private final int[][] shift = new int[3][256];

  private SplitTone(int shadows, int highlights, double strength) {
    for (int luma = 0; luma < 256; luma++) {
      double light = luma / 255.0;
      // Pure black and pure white do not change; the two tints meet in the midtones.
      double dark = strength * (1 - light) * (1 - light) * Math.min(1, 4 * light);
      double bright = strength * light * light * Math.min(1, 4 * (1 - light));
      for (int channel = 0; channel < 3; channel++) {
        shift[channel][luma] =
            (int) Math.round(dark * tint(shadows, channel) + bright * tint(highlights, channel));
      }
    }
  }

  /** Arguments: colour of the shadows; colour of the highlights; strength (0 to 2). */
  static Operation splitTone(Arguments arguments) {
    arguments.expect(3);
    return new SplitTone(arguments.colour(0), arguments.colour(1), arguments.number(2, 0, 2));
  }

  /** Returns the difference of a channel from the colour's luma. */
  private static double tint(int rgb, int channel) {
    double grey = 0.299 * (rgb >> 16) + 0.587 * (rgb >> 8 & 0xFF) + 0.114 * (rgb & 0xFF);
    return ((rgb >> (8 * channel)) & 0xFF) - grey;
  }

  @Override
  public Filter on(View view) {
    int length = 3 * view.width();
    int[] blue = shift[0];
    int[] green = shift[1];
    int[] red = shift[2];
    return (bgr, offset, y) -> {
      for (int i = offset; i < offset + length; i += 3) {
        int luma = Luma.of(bgr, i);
        bgr[i] = Luma.clip((bgr[i] & 0xFF) + blue[luma]);
        bgr[i + 1] = Luma.clip((bgr[i + 1] & 0xFF) + green[luma]);
        bgr[i + 2] = Luma.clip((bgr[i + 2] & 0xFF) + red[luma]);
      }
    };
  }
}
