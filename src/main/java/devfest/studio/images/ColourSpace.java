package devfest.studio.images;

import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;

/**
 * What the samples of a picture mean, where they are not sRGB anyway: an embedded profile, or what
 * its chunks say in its place. A file yields one of these, and {@link #colours} makes the tables
 * that convert its pixels. Immutable, for many threads.
 */
final class ColourSpace {
  /** Linear sRGB from XYZ under D50, the profile connection space. */
  static final double[][] SRGB_FROM_XYZ = {
    {3.1338561, -1.6168667, -0.4906146},
    {-0.9787684, 1.9161415, 0.0334540},
    {0.0719453, -0.2289914, 1.4052427}
  };

  /** A table of tables has this many points a side; more where light is packed tightly. */
  private static final int[] POINTS = {0, 0, 0, 33, 13};

  private static final int HDR_POINTS = 65;

  /** Levels by which a space may differ from sRGB that is taken for it. */
  private static final int TOLERANCE = 1;

  /** What a colour of a device looks like. */
  @FunctionalInterface
  interface Light {
    /**
     * Gives linear sRGB, which may lie outside of 0 to 1.
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
   * A curve for each of red, green and blue, then a matrix.
   *
   * @param fromXyz the columns of red, green and blue in XYZ under D50
   * @throws IllegalArgumentException when these are no colours
   */
  static ColourSpace rgb(DoubleUnaryOperator[] curves, double[][] fromXyz) {
    double[][] matrix = Matrix.times(SRGB_FROM_XYZ, fromXyz);
    for (double[] row : matrix) {
      double sum = Math.abs(row[0]) + Math.abs(row[1]) + Math.abs(row[2]);
      if (!(sum < Shaper.MOST)) {
        throw new IllegalArgumentException("No real primaries");
      }
    }
    return curved(3, curves, matrix);
  }

  /**
   * Any other: red, green and blue, or four inks.
   *
   * @param channels 3 or 4
   */
  static ColourSpace of(int channels, Light light) {
    return tabled(channels, light, POINTS[channels]);
  }

  /** Red, green and blue over a range of brightness that no ordinary screen has. */
  static ColourSpace hdr(Light light) {
    return tabled(3, light, HDR_POINTS);
  }

  /** 1 for grey, 3 for red, green and blue, 4 for inks. */
  int channels() {
    return channels;
  }

  /**
   * The conversion of pixels: of three samples each for grey too, of four for inks.
   *
   * @param levels how many values a sample has
   */
  Colours colours(int levels) {
    return conversion.apply(levels);
  }

  /** Whether all this changes next to nothing: sRGB under any name. */
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

  /** A linear sRGB value as it is stored, 0 to 1. */
  static double encoded(double light) {
    if (!(light > 0)) {
      return 0;
    }
    return light >= 1
        ? 1
        : light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055;
  }
}
