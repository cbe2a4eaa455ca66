package devfest.studio.images;

import java.nio.ByteBuffer;
import java.util.function.DoubleUnaryOperator;

/** The tone curves of ICC profiles: what of the light a sample of 0 to 1 lets through. */
final class Tone {
  private static final int CURV = 0x63757276;
  private static final int PARA = 0x70617261;
  private static final int MAX_ENTRIES = 65536;
  private static final int[] PARAMETERS = {1, 3, 4, 5, 7};

  private Tone() {}

  /**
   * Reads a {@code curv} or a {@code para} element.
   *
   * @throws IllegalArgumentException when it is neither, or no curve that rises
   */
  static DoubleUnaryOperator read(ByteBuffer icc, int at) {
    return switch (icc.getInt(at)) {
      case CURV -> sampled(icc, at);
      case PARA -> parametric(icc, at);
      default -> throw new IllegalArgumentException("No tone curve");
    };
  }

  /** How many bytes the element takes, with the padding to the next. */
  static int length(ByteBuffer icc, int at) {
    int length =
        icc.getInt(at) == CURV ? 12 + 2 * count(icc, at) : 12 + 4 * PARAMETERS[function(icc, at)];
    return (length + 3) / 4 * 4;
  }

  private static int count(ByteBuffer icc, int at) {
    int count = icc.getInt(at + 8);
    if (count < 0 || count > MAX_ENTRIES) {
      throw new IllegalArgumentException("No tone curve");
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

  /** A line from each entry to the next. */
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
      throw new IllegalArgumentException("No such function");
    }
    return function;
  }

  /** ICC's function types 0 to 4: a power from d on, a line below it. */
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
    // Browsers drop the whole profile where a curve is not defined from 0 on.
    if (!(g >= 0 && a >= 0 && c >= 0 && d >= 0 && a * d + b >= -1e-4)) {
      throw new IllegalArgumentException("No curve that rises");
    }
    return v -> v >= d ? Math.pow(Math.max(0, a * v + b), g) + e : c * v + f;
  }
}
