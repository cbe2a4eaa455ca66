package devfest.studio.images;

import java.nio.ByteBuffer;
import java.util.function.DoubleUnaryOperator;

/** Reads tone curves of ICC profiles, which map samples from 0 to 1 to linear light. */
final class Tone {
  private static final int CURV = 0x63757276;
  private static final int PARA = 0x70617261;

  /** The range of 16-bit samples; a longer curve adds no precision. */
  private static final int MAX_ENTRIES = 65536;

  /** Number of parameters of each function type (ICC.1 § 10.18). */
  private static final int[] PARAMETERS = {1, 3, 4, 5, 7};

  private Tone() {}

  /**
   * Reads a {@code curv} or a {@code para} element.
   *
   * @throws IllegalArgumentException if it is neither, or the curve is not monotonic
   */
  static DoubleUnaryOperator read(ByteBuffer icc, int at) {
    return switch (icc.getInt(at)) {
      case CURV -> sampled(icc, at);
      case PARA -> parametric(icc, at);
      default -> throw new IllegalArgumentException("Not a tone curve");
    };
  }

  /** Returns the length of the element in bytes, including padding. */
  static int length(ByteBuffer icc, int at) {
    int length =
        icc.getInt(at) == CURV ? 12 + 2 * count(icc, at) : 12 + 4 * PARAMETERS[function(icc, at)];
    return (length + 3) / 4 * 4;
  }

  private static int count(ByteBuffer icc, int at) {
    int count = icc.getInt(at + 8);
    if (count < 0 || count > MAX_ENTRIES) {
      throw new IllegalArgumentException("The tone curve has an invalid length");
    }
    return count;
  }

  private static DoubleUnaryOperator sampled(ByteBuffer icc, int at) {
    int count = count(icc, at);
    if (count == 0) {
      return DoubleUnaryOperator.identity();
    }
    if (count == 1) {
      double gamma = (icc.getShort(at + 12) & 0xFFFF) / 256.0;
      return v -> Math.pow(v, gamma);
    }
    double[] entries = new double[count];
    for (int i = 0; i < count; i++) {
      entries[i] = (icc.getShort(at + 12 + 2 * i) & 0xFFFF) / 65535.0;
    }
    return table(entries);
  }

  /** Returns a curve that interpolates linearly between the entries. */
  static DoubleUnaryOperator table(double... entries) {
    return v -> {
      double place = Math.max(0, Math.min(1, v)) * (entries.length - 1);
      int low = (int) Math.min(place, entries.length - 2.0);
      return entries[low] + (entries[low + 1] - entries[low]) * (place - low);
    };
  }

  private static int function(ByteBuffer icc, int at) {
    int function = icc.getShort(at + 8);
    if (function < 0 || function >= PARAMETERS.length) {
      throw new IllegalArgumentException("Unknown function type");
    }
    return function;
  }

  /** Reads ICC's function types 0 to 4: a power function from d on, a linear function below. */
  private static DoubleUnaryOperator parametric(ByteBuffer icc, int at) {
    int function = function(icc, at);
    double[] p = new double[7];
    for (int i = 0; i < PARAMETERS[function]; i++) {
      p[i] = icc.getInt(at + 12 + 4 * i) / 65536.0;
    }
    double g = p[0];
    double a = function == 0 ? 1 : p[1];
    double b = p[2];
    double c = function < 3 ? 0 : p[3];
    double d = function == 0 ? 0 : function < 3 ? -b / a : p[4];
    double e = function == 2 ? p[3] : p[5];
    double f = function == 2 ? p[3] : p[6];
    // Browsers ignore the whole profile if a curve is not defined from 0 on.
    if (!(g >= 0 && a >= 0 && c >= 0 && d >= 0 && a * d + b >= -1e-4)) {
      throw new IllegalArgumentException("The curve is not monotonic");
    }
    return v -> v >= d ? Math.pow(Math.max(0, a * v + b), g) + e : c * v + f;
  }
}
