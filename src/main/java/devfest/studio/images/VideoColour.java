package devfest.studio.images;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Colour spaces that are defined by numbers: the code points of ITU-T H.273, used by video and
 * cICP, and the gamma and chromaticities of older PNG files. The results match measurements of
 * Chromium, which also ignores all codes that are not listed here.
 */
final class VideoColour {
  private static final int PQ = 16;
  private static final int HLG = 18;

  private static final double[] D65 = {0.3127, 0.3290};
  private static final double[] C = {0.310, 0.316};
  private static final double[] E = {1 / 3.0, 1 / 3.0};
  private static final double[] CINEMA = {0.314, 0.351};

  private static final double[] SRGB = with(D65, 0.640, 0.330, 0.300, 0.600, 0.150, 0.060);
  private static final double[] BT2020 = with(D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046);

  /** x and y of white, red, green and blue, by H.273 code. */
  private static final Map<Integer, double[]> PRIMARIES =
      Map.of(
          1, SRGB,
          4, with(C, 0.670, 0.330, 0.210, 0.710, 0.140, 0.080),
          5, with(D65, 0.640, 0.330, 0.290, 0.600, 0.150, 0.060),
          6, with(D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070),
          7, with(D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070),
          8, with(C, 0.681, 0.319, 0.243, 0.692, 0.145, 0.049),
          9, BT2020,
          10, with(E, 1, 0, 0, 1, 0, 0),
          11, with(CINEMA, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
          12, with(D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060));

  private static final double[] EBU = with(D65, 0.630, 0.340, 0.295, 0.605, 0.155, 0.077);

  /** The Bradford matrix for chromatic adaptation. */
  private static final double[][] CONES = {
    {0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}
  };

  private static final double[] D50 = {0.9642, 1, 0.8249};

  /** Luminance of diffuse white in cd/m² (ITU-R BT.2408). */
  private static final double PAPER = 203;

  /** Luminance in cd/m² that is shown as full white; brighter light is clipped. */
  private static final double PEAK = 1000;

  private VideoColour() {}

  private static double[] with(double[] white, double... rgb) {
    double[] all = Arrays.copyOf(white, 8);
    System.arraycopy(rgb, 0, all, 2, 6);
    return all;
  }

  /**
   * Reads four bytes: primaries, transfer, matrix, range. Empty if they do not define full-range
   * RGB, or if browsers do not support the codes.
   */
  static Optional<ColourSpace> of(ByteBuffer codes, int at) {
    if (codes.get(at + 2) != 0 || codes.get(at + 3) != 1) {
      return Optional.empty();
    }
    int named = codes.get(at) & 0xFF;
    double[] primaries = named == 22 ? EBU : PRIMARIES.get(named);
    int transfer = codes.get(at + 1) & 0xFF;
    DoubleUnaryOperator curve = curve(transfer);
    if (primaries == null || curve == null) {
      return Optional.empty();
    }
    double[][] toXyz = toXyz(primaries);
    return Optional.of(
        transfer == PQ || transfer == HLG ? bright(curve, transfer, toXyz) : rgb(curve, toXyz));
  }

  /**
   * Creates a colour space from an exponent and the chromaticities of white, red, green and blue.
   *
   * @throws IllegalArgumentException if the chromaticities are not real colours
   */
  static ColourSpace of(double exponent, double[] chromaticities) {
    return rgb(v -> Math.pow(v, exponent), toXyz(chromaticities));
  }

  /** Creates a colour space from an exponent and the primaries of sRGB. */
  static ColourSpace of(double exponent) {
    return of(exponent, SRGB);
  }

  private static ColourSpace rgb(DoubleUnaryOperator curve, double[][] toXyz) {
    return ColourSpace.rgb(new DoubleUnaryOperator[] {curve, curve, curve}, toXyz);
  }

  /** Returns the transfer function; null for a code that browsers ignore. */
  private static @Nullable DoubleUnaryOperator curve(int transfer) {
    return switch (transfer) {
      case 1, 6, 11, 14, 15 -> v -> Math.pow(v, 2.4);
      case 4 -> v -> Math.pow(v, 2.2);
      case 5 -> v -> Math.pow(v, 2.8);
      case 7 -> v -> v < 0.0913 ? v / 4 : Math.pow((v + 0.1115) / 1.1115, 1 / 0.45);
      case 8 -> v -> v;
      case 13 -> v -> v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
      case PQ -> VideoColour::pq;
      case 17 -> v -> Math.pow(v, 2.6) * 52.37 / 48;
      case HLG -> VideoColour::hlg;
      default -> null;
    };
  }

  /** SMPTE ST 2084, relative to {@link #PAPER}. */
  private static double pq(double v) {
    double p = Math.pow(v, 32 / 2523.0);
    double light = Math.max(0, p - 0.8359375) / (18.8515625 - 18.6875 * p);
    return 10_000 / PAPER * Math.pow(light, 16384 / 2610.0);
  }

  /** ARIB STD-B67: scene light, 0 to 1. */
  private static double hlg(double v) {
    return v <= 0.5 ? v * v / 3 : (Math.exp((v - 0.55991073) / 0.17883277) + 0.28466892) / 12;
  }

  /** Creates an HDR colour space. Tone mapping scales by the brightest channel, in BT.2020. */
  private static ColourSpace bright(DoubleUnaryOperator curve, int transfer, double[][] toXyz) {
    double[][] wide = toXyz(BT2020);
    double[][] toWide = Matrix.times(Matrix.inverse(wide), toXyz);
    double[][] toSrgb = Matrix.times(ColourSpace.SRGB_FROM_XYZ, wide);
    return ColourSpace.hdr(
        device -> {
          double[] light = new double[3];
          for (int i = 0; i < 3; i++) {
            light[i] = curve.applyAsDouble(device[i]);
          }
          light = Matrix.times(toWide, light);
          if (transfer == HLG) {
            double luma = 0.2627 * light[0] + 0.6780 * light[1] + 0.0593 * light[2];
            scale(light, Math.pow(Math.max(0, luma), 0.2) * PEAK / PAPER);
          }
          double most = Math.max(light[0], Math.max(light[1], light[2]));
          if (most > 0) {
            scale(light, screen(most) / most);
          }
          return Matrix.times(toSrgb, light);
        });
  }

  private static void scale(double[] light, double by) {
    for (int i = 0; i < 3; i++) {
      light[i] *= by;
    }
  }

  /**
   * Maps HDR light to an SDR screen: half up to {@link #PAPER}, then compressed so that {@link
   * #PEAK} is white (a quadratic Bézier curve that matches Chromium within one level).
   *
   * @param light relative to {@link #PAPER}
   */
  private static double screen(double light) {
    double end = PEAK / PAPER;
    double knee = 1.01;
    double reach = 0.64;
    if (light <= knee) {
      return light / 2;
    }
    if (light >= end) {
      return 1;
    }
    double a = end - knee - 2 * reach;
    double t = (-reach + Math.sqrt(reach * reach + a * (light - knee))) / a;
    return (1 - t) * (1 - t) * knee / 2 + 2 * t * (1 - t) * (knee + reach) / 2 + t * t;
  }

  /** Returns the columns of red, green and blue in XYZ, adapted to D50. */
  private static double[][] toXyz(double[] xy) {
    double[] white = xyz(xy[0], xy[1]);
    double[][] columns = new double[3][3];
    for (int i = 0; i < 3; i++) {
      double[] primary = xyz(xy[2 + 2 * i], xy[3 + 2 * i]);
      for (int axis = 0; axis < 3; axis++) {
        columns[axis][i] = primary[axis];
      }
    }
    double[] amounts = Matrix.times(Matrix.inverse(columns), white);
    for (double[] row : columns) {
      for (int i = 0; i < 3; i++) {
        row[i] *= amounts[i];
      }
    }
    double[] from = Matrix.times(CONES, white);
    double[] to = Matrix.times(CONES, D50);
    double[][] adapted = new double[3][];
    for (int i = 0; i < 3; i++) {
      adapted[i] = CONES[i].clone();
      for (int k = 0; k < 3; k++) {
        adapted[i][k] *= to[i] / from[i];
      }
    }
    return Matrix.times(Matrix.times(Matrix.inverse(CONES), adapted), columns);
  }

  /** Returns XYZ with Y = 1; for primaries of XYZ itself, where Y is 0, with a sum of 1. */
  private static double[] xyz(double x, double y) {
    if (!(x >= 0 && y >= 0 && x + y <= 1)) {
      throw new IllegalArgumentException("Not a chromaticity");
    }
    double by = y > 0 ? y : 1;
    return new double[] {x / by, y / by, (1 - x - y) / by};
  }
}
