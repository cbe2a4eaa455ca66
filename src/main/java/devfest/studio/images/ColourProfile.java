package devfest.studio.images;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An embedded RGB profile made of three tone curves and a matrix, such as Display P3 and Adobe RGB.
 * Profiles of other kinds, broken ones, and sRGB itself are no profile: the pixels stay as they
 * are.
 */
final class ColourProfile {
  private static final int RGB = 0x52474220;
  private static final int XYZ = 0x58595A20;
  private static final int CURV = 0x63757276;
  private static final int PARA = 0x70617261;

  /** Linear sRGB from XYZ under D50, the profile connection space. */
  private static final double[][] SRGB_FROM_XYZ = {
    {3.1338561, -1.6168667, -0.4906146},
    {-0.9787684, 1.9161415, 0.0334540},
    {0.0719453, -0.2289914, 1.4052427}
  };

  /** Linear light has this many steps: finer than sRGB's 8 bits even in the shadows. */
  private static final int STEPS = 1 << 14;

  private static final int MATRIX_BITS = 14;
  private static final byte[] ENCODED = encoded();

  private final int[][] linear;
  private final int[] matrix;

  private ColourProfile(int[][] linear, int[] matrix) {
    this.linear = linear;
    this.matrix = matrix;
  }

  static Optional<ColourProfile> parse(byte[] bytes) {
    if (bytes.length < 132) {
      return Optional.empty();
    }
    try {
      ByteBuffer icc = ByteBuffer.wrap(bytes);
      if (icc.getInt(16) != RGB || icc.getInt(20) != XYZ || find(icc, "A2B0") != 0) {
        return Optional.empty();
      }
      return read(icc);
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<ColourProfile> read(ByteBuffer icc) {
    String[] names = {"r", "g", "b"};
    int[][] linear = new int[3][256];
    int[] matrix = new int[9];
    for (int in = 0; in < 3; in++) {
      int tone = required(icc, names[in] + "TRC");
      for (int v = 0; v < 256; v++) {
        double light = Math.max(0, Math.min(1, tone(icc, tone, v / 255.0)));
        linear[in][v] = (int) Math.round((STEPS - 1) * light);
      }
      int colorant = required(icc, names[in] + "XYZ");
      for (int out = 0; out < 3; out++) {
        double sum = 0;
        for (int axis = 0; axis < 3; axis++) {
          sum += SRGB_FROM_XYZ[out][axis] * fixed(icc, colorant + 8 + 4 * axis);
        }
        if (Math.abs(sum) > 4) {
          throw new IllegalArgumentException("No real colorant");
        }
        matrix[3 * out + in] = (int) Math.round(sum * (1 << MATRIX_BITS));
      }
    }
    ColourProfile profile = new ColourProfile(linear, matrix);
    return profile.changesLittle() ? Optional.empty() : Optional.of(profile);
  }

  /** Converts blue, green, red bytes in place. */
  void toSrgb(byte[] bgr) {
    int[] fromRed = linear[0];
    int[] fromGreen = linear[1];
    int[] fromBlue = linear[2];
    int[] m = matrix;
    for (int i = 0; i + 2 < bgr.length; i += 3) {
      int b = fromBlue[bgr[i] & 0xFF];
      int g = fromGreen[bgr[i + 1] & 0xFF];
      int r = fromRed[bgr[i + 2] & 0xFF];
      bgr[i] = encode(m[6] * r + m[7] * g + m[8] * b);
      bgr[i + 1] = encode(m[3] * r + m[4] * g + m[5] * b);
      bgr[i + 2] = encode(m[0] * r + m[1] * g + m[2] * b);
    }
  }

  private static byte encode(int light) {
    int step = light >> MATRIX_BITS;
    return ENCODED[step < 0 ? 0 : Math.min(step, STEPS - 1)];
  }

  /** True for sRGB under any name: a few levels are worth neither the time nor the rounding. */
  private boolean changesLittle() {
    int[] probes = {0, 40, 128, 200, 255};
    for (int r : probes) {
      for (int g : probes) {
        for (int b : probes) {
          byte[] bgr = {(byte) b, (byte) g, (byte) r};
          toSrgb(bgr);
          if (Math.abs((bgr[0] & 0xFF) - b) > 3
              || Math.abs((bgr[1] & 0xFF) - g) > 3
              || Math.abs((bgr[2] & 0xFF) - r) > 3) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static int required(ByteBuffer icc, String name) {
    int offset = find(icc, name);
    if (offset < 132) {
      throw new IllegalArgumentException("No tag " + name);
    }
    return offset;
  }

  /** The offset of a tag's data, 0 when the profile has no such tag. */
  private static int find(ByteBuffer icc, String name) {
    int count = Math.min(icc.getInt(128), 100);
    for (int i = 0; i < count; i++) {
      int entry = 132 + 12 * i;
      int signature = icc.getInt(entry);
      if (signature
          == (name.charAt(0) << 24 | name.charAt(1) << 16 | name.charAt(2) << 8 | name.charAt(3))) {
        return icc.getInt(entry + 4);
      }
    }
    return 0;
  }

  private static double tone(ByteBuffer icc, int tag, double value) {
    int type = icc.getInt(tag);
    if (type == PARA) {
      return parametric(icc, tag, value);
    }
    int count = icc.getInt(tag + 8);
    if (type != CURV || count < 0 || count > 65536) {
      throw new IllegalArgumentException("No tone curve");
    }
    if (count == 0) {
      return value;
    }
    if (count == 1) {
      return Math.pow(value, (icc.getShort(tag + 12) & 0xFFFF) / 256.0);
    }
    double at = value * (count - 1);
    int low = (int) Math.min(at, count - 2.0);
    double from = (icc.getShort(tag + 12 + 2 * low) & 0xFFFF) / 65535.0;
    double to = (icc.getShort(tag + 14 + 2 * low) & 0xFFFF) / 65535.0;
    return from + (to - from) * (at - low);
  }

  /** ICC's function types 0 to 4: a power above a threshold, a line below it. */
  private static double parametric(ByteBuffer icc, int tag, double value) {
    int type = icc.getShort(tag + 8);
    int[] counts = {1, 3, 4, 5, 7};
    if (type < 0 || type >= counts.length) {
      throw new IllegalArgumentException("No such function");
    }
    double[] p = new double[7];
    for (int i = 0; i < counts[type]; i++) {
      p[i] = fixed(icc, tag + 12 + 4 * i);
    }
    double g = p[0];
    double a = type == 0 ? 1 : p[1];
    double b = p[2];
    return switch (type) {
      case 0 -> Math.pow(value, g);
      case 1 -> value >= -b / a ? Math.pow(a * value + b, g) : 0;
      case 2 -> (value >= -b / a ? Math.pow(a * value + b, g) : 0) + p[3];
      case 3 -> value >= p[4] ? Math.pow(a * value + b, g) : p[3] * value;
      default -> value >= p[4] ? Math.pow(a * value + b, g) + p[5] : p[3] * value + p[6];
    };
  }

  private static double fixed(ByteBuffer icc, int offset) {
    return icc.getInt(offset) / 65536.0;
  }

  private static byte[] encoded() {
    byte[] table = new byte[STEPS];
    for (int i = 0; i < STEPS; i++) {
      double light = (i + 0.5) / STEPS;
      double value = light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055;
      table[i] = (byte) Math.round(255 * value);
    }
    return table;
  }
}
