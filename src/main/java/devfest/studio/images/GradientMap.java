package devfest.studio.images;

/** Maps each luma to a colour of a gradient and mixes it with the original colour. */
final class GradientMap implements Operation {
  private final int[][] colours = new int[3][256];
  private final int own;

  private GradientMap(int[] stops, double strength) {
    own = (int) Math.round(256 * (1 - strength));
    for (int luma = 0; luma < 256; luma++) {
      double at = luma / 255.0 * (stops.length - 1);
      int low = (int) Math.min(at, stops.length - 2.0);
      for (int channel = 0; channel < 3; channel++) {
        int from = (stops[low] >> (8 * channel)) & 0xFF;
        int to = (stops[low + 1] >> (8 * channel)) & 0xFF;
        colours[channel][luma] = (int) Math.round((256 - own) * (from + (to - from) * (at - low)));
      }
    }
  }

  /** Arguments: strength (0 to 1); evenly spaced colours from the darkest to the brightest. */
  static Operation gradient(Arguments arguments) {
    if (arguments.count() < 3) {
      throw new IllegalArgumentException("a gradient needs a strength and at least two colours");
    }
    int[] stops = new int[arguments.count() - 1];
    for (int i = 0; i < stops.length; i++) {
      stops[i] = arguments.colour(i + 1);
    }
    return new GradientMap(stops, arguments.number(0, 0, 1));
  }

  @Override
  public Filter on(View view) {
    int length = 3 * view.width();
    int[] blue = colours[0];
    int[] green = colours[1];
    int[] red = colours[2];
    return (bgr, offset, y) -> {
      for (int i = offset; i < offset + length; i += 3) {
        int luma = Luma.of(bgr, i);
        bgr[i] = (byte) ((own * (bgr[i] & 0xFF) + blue[luma] + 128) >> 8);
        bgr[i + 1] = (byte) ((own * (bgr[i + 1] & 0xFF) + green[luma] + 128) >> 8);
        bgr[i + 2] = (byte) ((own * (bgr[i + 2] & 0xFF) + red[luma] + 128) >> 8);
      }
    };
  }
}
