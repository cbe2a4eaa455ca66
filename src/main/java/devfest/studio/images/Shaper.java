package devfest.studio.images;

import java.util.function.DoubleUnaryOperator;

/** Applies one curve per channel, a matrix, and the sRGB curve, with integers and tables. */
final class Shaper implements Colours {
  /** Limit for the sum of the absolute values of a matrix row, so that sums fit in an int. */
  static final double MOST = 15;

  /** Number of steps of linear light: finer than 8-bit sRGB even in the shadows. */
  private static final int STEPS = 1 << 14;

  /** Fractional bits of the matrix. */
  private static final int MATRIX_BITS = 13;

  private static final byte[] ENCODED = encoded();

  private final int[][] linear;
  private final int[] matrix = new int[9];

  Shaper(DoubleUnaryOperator[] curves, double[][] matrix, int levels) {
    linear = new int[3][levels];
    for (int channel = 0; channel < 3; channel++) {
      for (int v = 0; v < levels; v++) {
        double light = curves[channel].applyAsDouble(v / (levels - 1.0));
        linear[channel][v] = (int) Math.round((STEPS - 1) * Math.max(0, Math.min(1, light)));
      }
    }
    for (int i = 0; i < 9; i++) {
      this.matrix[i] = (int) Math.round(matrix[i / 3][i % 3] * (1 << MATRIX_BITS));
    }
  }

  @Override
  public void toSrgb(int[] samples, int pixels, byte[] bgr, int at) {
    int[] fromRed = linear[0];
    int[] fromGreen = linear[1];
    int[] fromBlue = linear[2];
    int[] m = matrix;
    int o = at;
    for (int i = 0; i < 3 * pixels; i += 3, o += 3) {
      int r = fromRed[samples[i]];
      int g = fromGreen[samples[i + 1]];
      int b = fromBlue[samples[i + 2]];
      bgr[o] = encode(m[6] * r + m[7] * g + m[8] * b);
      bgr[o + 1] = encode(m[3] * r + m[4] * g + m[5] * b);
      bgr[o + 2] = encode(m[0] * r + m[1] * g + m[2] * b);
    }
  }

  /** Faster than the default, because it needs no sample buffer: used for most photos of phones. */
  @Override
  public void toSrgb(byte[] bgr, int from, int to) {
    int[] fromRed = linear[0];
    int[] fromGreen = linear[1];
    int[] fromBlue = linear[2];
    int[] m = matrix;
    for (int i = from; i < to; i += 3) {
      int b = fromBlue[bgr[i] & 0xFF];
      int g = fromGreen[bgr[i + 1] & 0xFF];
      int r = fromRed[bgr[i + 2] & 0xFF];
      bgr[i] = encode(m[6] * r + m[7] * g + m[8] * b);
      bgr[i + 1] = encode(m[3] * r + m[4] * g + m[5] * b);
      bgr[i + 2] = encode(m[0] * r + m[1] * g + m[2] * b);
    }
  }

  private static byte encode(int light) {
    int step = (light + (1 << (MATRIX_BITS - 1))) >> MATRIX_BITS;
    return ENCODED[step < 0 ? 0 : Math.min(step, STEPS - 1)];
  }

  private static byte[] encoded() {
    byte[] table = new byte[STEPS];
    for (int i = 0; i < STEPS; i++) {
      table[i] = (byte) Math.round(255 * ColourSpace.encoded(i / (STEPS - 1.0)));
    }
    return table;
  }
}
