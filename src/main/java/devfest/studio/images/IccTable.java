package devfest.studio.images;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * The table of a profile from device colours to the connection space, in the formats of version 2
 * ({@code mft1}, {@code mft2}) and version 4 ({@code mAB}): curves, a grid, curves, a matrix,
 * curves. Parts that the profile omits are null. Immutable.
 */
final class IccTable implements ColourSpace.Light {
  private static final int MFT1 = 0x6D667431;
  private static final int MFT2 = 0x6D667432;
  private static final int MAB = 0x6D414220;

  /** Maximum values of a grid: far more than profiles have; limits memory to 8 MB. */
  private static final int MAX_VALUES = 1 << 21;

  /** White of the connection space, D50. */
  private static final double[] WHITE = {0.9642, 1, 0.8249};

  /** One part: values, 0 to 1, to values. */
  @FunctionalInterface
  private interface Step {
    double[] apply(double[] values);
  }

  private final List<Step> steps;
  private final boolean lab;

  /** The XYZ value that an encoded 1 represents. */
  private final double scale;

  private IccTable(List<Step> steps, boolean lab, double scale) {
    this.steps = List.copyOf(steps);
    this.lab = lab;
    this.scale = scale;
  }

  /**
   * Reads a table.
   *
   * @param lab whether the table returns L*a*b*; otherwise XYZ
   * @throws IllegalArgumentException if the table is malformed or not supported
   */
  static IccTable read(ByteBuffer icc, int at, int channels, boolean lab) {
    if ((icc.get(at + 8) & 0xFF) != channels || icc.get(at + 9) != 3) {
      throw new IllegalArgumentException("The table is for other channels");
    }
    return switch (icc.getInt(at)) {
      case MFT1 -> old(icc, at, channels, lab, 1);
      case MFT2 -> old(icc, at, channels, lab, 2);
      case MAB -> layered(icc, at, channels, lab);
      default -> throw new IllegalArgumentException("Not a table");
    };
  }

  /** Reads mft1 and mft2. Their matrix applies only to XYZ input and is ignored. */
  private static IccTable old(ByteBuffer icc, int at, int channels, boolean lab, int width) {
    int ins = width == 1 ? 256 : icc.getShort(at + 48) & 0xFFFF;
    int outs = width == 1 ? 256 : icc.getShort(at + 50) & 0xFFFF;
    if (ins < 2 || ins > 4096 || outs < 2 || outs > 4096) {
      throw new IllegalArgumentException("A curve has an invalid length");
    }
    int[] sizes = new int[channels];
    Arrays.fill(sizes, icc.get(at + 10) & 0xFF);
    int place = at + (width == 1 ? 48 : 52);
    DoubleUnaryOperator[] first = tables(icc, place, channels, ins, width);
    place += channels * ins * width;
    float[] grid = grid(icc, place, sizes, width);
    place += grid.length * width;
    DoubleUnaryOperator[] last = tables(icc, place, 3, outs, width);
    // In ICC.1, 16-bit Lab ends at 0xFF00 and XYZ at 0x8000. Chromium maps the full range to
    // 0 to 1.
    return new IccTable(List.of(through(first), inGrid(sizes, grid), through(last)), lab, 1);
  }

  private static IccTable layered(ByteBuffer icc, int at, int channels, boolean lab) {
    int b = icc.getInt(at + 12);
    int matrixAt = icc.getInt(at + 16);
    int m = icc.getInt(at + 20);
    int gridAt = icc.getInt(at + 24);
    int a = icc.getInt(at + 28);
    if (b == 0 || (gridAt == 0) != (a == 0) || (gridAt == 0 && channels != 3)) {
      throw new IllegalArgumentException("A part of the table is missing");
    }
    List<Step> steps = new ArrayList<>();
    if (gridAt != 0) {
      int[] sizes = new int[channels];
      for (int i = 0; i < channels; i++) {
        sizes[i] = icc.get(at + gridAt + i) & 0xFF;
      }
      int width = icc.get(at + gridAt + 16);
      if (width != 1 && width != 2) {
        throw new IllegalArgumentException("The grid has neither 8 nor 16 bits");
      }
      steps.add(through(curves(icc, at + a, channels)));
      steps.add(inGrid(sizes, grid(icc, at + gridAt + 20, sizes, width)));
    }
    if (m != 0) {
      steps.add(through(curves(icc, at + m, 3)));
    }
    if (matrixAt != 0) {
      steps.add(matrix(icc, at + matrixAt));
    }
    steps.add(through(curves(icc, at + b, 3)));
    return new IccTable(steps, lab, lab ? 1 : 65535.0 / 32768);
  }

  private static Step matrix(ByteBuffer icc, int at) {
    double[][] matrix = new double[3][3];
    double[] offset = new double[3];
    for (int i = 0; i < 9; i++) {
      matrix[i / 3][i % 3] = icc.getInt(at + 4 * i) / 65536.0;
    }
    for (int i = 0; i < 3; i++) {
      offset[i] = icc.getInt(at + 36 + 4 * i) / 65536.0;
    }
    return values -> {
      double[] out = Matrix.times(matrix, values);
      for (int i = 0; i < 3; i++) {
        out[i] += offset[i];
      }
      return out;
    };
  }

  private static DoubleUnaryOperator[] curves(ByteBuffer icc, int at, int count) {
    DoubleUnaryOperator[] curves = new DoubleUnaryOperator[count];
    int place = at;
    for (int i = 0; i < count; i++) {
      curves[i] = Tone.read(icc, place);
      place += Tone.length(icc, place);
    }
    return curves;
  }

  private static DoubleUnaryOperator[] tables(
      ByteBuffer icc, int at, int count, int entries, int width) {
    DoubleUnaryOperator[] tables = new DoubleUnaryOperator[count];
    for (int i = 0; i < count; i++) {
      double[] values = new double[entries];
      for (int v = 0; v < entries; v++) {
        values[v] = value(icc, at + (i * entries + v) * width, width);
      }
      tables[i] = Tone.table(values);
    }
    return tables;
  }

  private static float[] grid(ByteBuffer icc, int at, int[] sizes, int width) {
    long count = 3;
    for (int size : sizes) {
      count *= size;
      if (size < 2 || count > MAX_VALUES) {
        throw new IllegalArgumentException("The grid has an invalid size");
      }
    }
    float[] grid = new float[(int) count];
    for (int i = 0; i < grid.length; i++) {
      grid[i] = (float) value(icc, at + i * width, width);
    }
    return grid;
  }

  private static double value(ByteBuffer icc, int at, int width) {
    return width == 1 ? (icc.get(at) & 0xFF) / 255.0 : (icc.getShort(at) & 0xFFFF) / 65535.0;
  }

  @Override
  public double[] of(double[] device) {
    double[] values = device;
    for (Step step : steps) {
      values = step.apply(values);
    }
    return Matrix.times(ColourSpace.SRGB_FROM_XYZ, lab ? xyzOfLab(values) : scaled(values));
  }

  private static Step through(DoubleUnaryOperator[] curves) {
    return values -> {
      double[] out = new double[curves.length];
      for (int i = 0; i < out.length; i++) {
        out[i] = curves[i].applyAsDouble(Math.max(0, Math.min(1, values[i])));
      }
      return out;
    };
  }

  private static Step inGrid(int[] sizes, float[] grid) {
    return values -> mean(sizes, grid, values);
  }

  /** Multilinear interpolation between the corners of the grid cell. */
  private static double[] mean(int[] sizes, float[] grid, double[] values) {
    int n = sizes.length;
    int[] low = new int[n];
    double[] part = new double[n];
    for (int i = 0; i < n; i++) {
      double place = Math.max(0, Math.min(1, values[i])) * (sizes[i] - 1);
      low[i] = (int) Math.min(place, sizes[i] - 2.0);
      part[i] = place - low[i];
    }
    double[] mean = new double[3];
    for (int corner = 0; corner < 1 << n; corner++) {
      double weight = 1;
      int index = 0;
      for (int i = 0; i < n; i++) {
        int upper = corner >> i & 1;
        weight *= upper == 1 ? part[i] : 1 - part[i];
        index = index * sizes[i] + low[i] + upper;
      }
      for (int k = 0; k < 3 && weight > 0; k++) {
        mean[k] += weight * grid[3 * index + k];
      }
    }
    return mean;
  }

  private double[] scaled(double[] values) {
    return new double[] {scale * values[0], scale * values[1], scale * values[2]};
  }

  private double[] xyzOfLab(double[] values) {
    double fy = (100 * values[0] + 16) / 116;
    double fx = fy + (255 * values[1] - 128) / 500;
    double fz = fy - (255 * values[2] - 128) / 200;
    return new double[] {WHITE[0] * cube(fx), WHITE[1] * cube(fy), WHITE[2] * cube(fz)};
  }

  private static double cube(double f) {
    return f > 6.0 / 29 ? f * f * f : (f - 16.0 / 116) * 108 / 841;
  }
}
