package devfest.studio.images;

/**
 * A colour conversion of any kind, precomputed at the points of a grid. Colours in between are
 * interpolated over the enclosing simplex (tetrahedral interpolation in three dimensions). Greys
 * stay grey, and each pixel needs only one corner more than it has channels. Immutable.
 */
final class ColourGrid implements Colours {
  /** Fractional bits of interpolation weights; sums of weighted values fit in an int. */
  private static final int FRACTION_BITS = 12;

  private static final int ONE = 1 << FRACTION_BITS;

  /** Fractional bits of the values in the grid. */
  private static final int VALUE_BITS = 6;

  private final int channels;
  private final int[] values;
  private final int[] strides;

  /** For each level, the grid point below it, and its fractional distance to the next point. */
  private final int[] cells;

  private final int[] fractions;

  ColourGrid(int channels, int points, int levels, ColourSpace.Light light) {
    this.channels = channels;
    strides = new int[channels];
    int count = 1;
    for (int c = channels - 1; c >= 0; c--) {
      strides[c] = 3 * count;
      count *= points;
    }
    values = new int[3 * count];
    double[] device = new double[channels];
    for (int p = 0; p < count; p++) {
      for (int c = 0; c < channels; c++) {
        device[c] = 3 * p / strides[c] % points / (points - 1.0);
      }
      double[] rgb = light.of(device);
      for (int k = 0; k < 3; k++) {
        double value = 255 * ColourSpace.encoded(rgb[2 - k]);
        values[3 * p + k] = (int) Math.round(value * (1 << VALUE_BITS));
      }
    }
    cells = new int[levels];
    fractions = new int[levels];
    for (int v = 0; v < levels; v++) {
      double at = (double) v * (points - 1) / (levels - 1);
      cells[v] = Math.min((int) at, points - 2);
      fractions[v] = (int) Math.round((at - cells[v]) * ONE);
    }
  }

  @Override
  public void toSrgb(int[] samples, int pixels, byte[] bgr, int at) {
    int n = channels;
    int[] far = new int[n];
    int[] step = new int[n];
    int o = at;
    for (int i = 0; i < n * pixels; i += n, o += 3) {
      int corner = 0;
      for (int c = 0; c < n; c++) {
        int sample = samples[i + c];
        int fraction = fractions[sample];
        corner += cells[sample] * strides[c];
        int place = c;
        while (place > 0 && far[place - 1] < fraction) {
          far[place] = far[place - 1];
          step[place] = step[place - 1];
          place--;
        }
        far[place] = fraction;
        step[place] = strides[c];
      }
      int weight = ONE - far[0];
      int blue = weight * values[corner];
      int green = weight * values[corner + 1];
      int red = weight * values[corner + 2];
      for (int c = 0; c < n; c++) {
        corner += step[c];
        weight = far[c] - (c + 1 < n ? far[c + 1] : 0);
        blue += weight * values[corner];
        green += weight * values[corner + 1];
        red += weight * values[corner + 2];
      }
      bgr[o] = round(blue);
      bgr[o + 1] = round(green);
      bgr[o + 2] = round(red);
    }
  }

  private static byte round(int value) {
    return (byte)
        ((value + (1 << (FRACTION_BITS + VALUE_BITS - 1))) >> (FRACTION_BITS + VALUE_BITS));
  }
}
