package devfest.studio.images;

import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;

/**
 * The colour space of a picture that is not sRGB, defined by an embedded profile or by other
 * metadata of the file. {@link #colours} creates the tables that convert its pixels. Immutable.
 */
final class ColourSpace {
  /** Linear sRGB from XYZ under D50, the profile connection space. */
  static final double[][] SRGB_FROM_XYZ = {
    {3.1338561, -1.6168667, -0.4906146},
    {-0.9787684, 1.9161415, 0.0334540},
    {0.0719453, -0.2289914, 1.4052427}
  };

  /**
   * Grid points per dimension of a {@link ColourGrid}, by number of channels: precision over
   * memory.
   */
  private static final int[] POINTS = {0, 0, 0, 33, 13};

  /** Grid points per dimension for HDR, whose curves are much steeper. */
  private static final int HDR_POINTS = 65;

  /** Largest difference from sRGB, in levels, of a colour space that is treated as sRGB. */
  private static final int TOLERANCE = 1;

  /** A conversion from device colours to light. */
  @FunctionalInterface
  interface Light {
    /**
     * Returns linear sRGB; values may be outside of 0 to 1.
     *
     * @param device the samples, 0 to 1
     */
    double[] of(double[] device);
  }

  private final int channels;
  private final boolean tabled;

  /** Makes the conversion for a number of levels. */
  private final IntFunction<Colours> conversion;

  private ColourSpace(int channels, boolean tabled, IntFunction<Colours> conversion) {
    this.channels = channels;
    this.tabled = tabled;
    this.conversion = conversion;
  }

  private static ColourSpace curved(int channels, DoubleUnaryOperator[] curves, double[][] matrix) {
    return new ColourSpace(channels, false, levels -> new Shaper(curves, matrix, levels));
  }

  private static ColourSpace tabled(int channels, Light light, int points) {
    return new ColourSpace(
        channels, true, levels -> new ColourGrid(channels, points, levels, light));
  }

  static ColourSpace grey(DoubleUnaryOperator curve) {
    double[][] same = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    return curved(1, new DoubleUnaryOperator[] {curve, curve, curve}, same);
  }

  /**
   * Creates a colour space of one curve per channel, followed by a matrix.
   *
   * @param fromXyz the columns of red, green and blue in XYZ under D50
   * @throws IllegalArgumentException if the columns are not real primaries
   */
  static ColourSpace rgb(DoubleUnaryOperator[] curves, double[][] fromXyz) {
    double[][] matrix = Matrix.times(SRGB_FROM_XYZ, fromXyz);
    for (double[] row : matrix) {
      double sum = Math.abs(row[0]) + Math.abs(row[1]) + Math.abs(row[2]);
      if (!(sum < Shaper.MOST)) {
        throw new IllegalArgumentException("Not real primaries");
      }
    }
    return curved(3, curves, matrix);
  }

  /**
   * Creates any other colour space of red, green and blue, or of four inks.
   *
   * @param channels 3 or 4
   */
  static ColourSpace of(int channels, Light light) {
    return tabled(channels, light, POINTS[channels]);
  }

  /** Creates an HDR colour space of red, green and blue. */
  static ColourSpace hdr(Light light) {
    return tabled(3, light, HDR_POINTS);
  }

  /** Returns 1 for grey, 3 for red, green and blue, 4 for inks. */
  int channels() {
    return channels;
  }

  /**
   * Creates the conversion of pixels, which have four samples for inks and three otherwise, even
   * for grey.
   *
   * @param levels the number of values of a sample
   */
  Colours colours(int levels) {
    return conversion.apply(levels);
  }

  /** Whether the conversion changes samples by at most {@link #TOLERANCE}. */
  boolean isSrgb() {
    if (tabled) {
      return false;
    }
    int[] probes = {0, 16, 40, 64, 96, 128, 160, 200, 230, 255};
    int[] samples = new int[3 * probes.length * probes.length * probes.length];
    int i = 0;
    for (int r : probes) {
      for (int g : probes) {
        for (int b : probes) {
          samples[i++] = r;
          samples[i++] = g;
          samples[i++] = b;
        }
      }
    }
    byte[] bgr = new byte[samples.length];
    colours(Colours.LEVELS).toSrgb(samples, bgr.length / 3, bgr, 0);
    for (int p = 0; p < bgr.length; p++) {
      int sample = samples[p / 3 * 3 + 2 - p % 3];
      if (Math.abs((bgr[p] & 0xFF) - sample) > TOLERANCE) {
        return false;
      }
    }
    return true;
  }

  /** Encodes a linear value with the sRGB curve; the result is 0 to 1. */
  static double encoded(double light) {
    if (!(light > 0)) {
      return 0;
    }
    return light >= 1
        ? 1
        : light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055;
  }
}
