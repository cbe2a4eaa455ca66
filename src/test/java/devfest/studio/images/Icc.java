package devfest.studio.images;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Builds ICC profiles for the tests, tag by tag. */
final class Icc {
  /** Columns of red, green and blue in XYZ under D50. */
  static final double[][] SRGB = {
    {0.43607, 0.22249, 0.01392}, {0.38515, 0.71687, 0.09708}, {0.14307, 0.06061, 0.71410}
  };

  static final double[][] DISPLAY_P3 = {
    {0.51512, 0.24120, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.15710, 0.06657, 0.78407}
  };

  static final double[][] ADOBE_RGB = {
    {0.60974, 0.31111, 0.01947}, {0.20528, 0.62567, 0.06087}, {0.14919, 0.06322, 0.74457}
  };

  static final double[][] PROPHOTO = {
    {0.79767, 0.28804, 0.0}, {0.13518, 0.71188, 0.0}, {0.03134, 0.00009, 0.82491}
  };

  private final String space;
  private final String pcs;
  private final int version;
  private final List<String> names = new ArrayList<>();
  private final List<byte[]> tags = new ArrayList<>();

  Icc(String space, String pcs, int version) {
    this.space = space;
    this.pcs = pcs;
    this.version = version;
  }

  /** A profile of three curves and a matrix. */
  static byte[] matrix(int version, double[][] columns, byte[] curve) {
    Icc icc = new Icc("RGB ", "XYZ ", version);
    String[] names = {"r", "g", "b"};
    for (int i = 0; i < 3; i++) {
      icc.tag(names[i] + "XYZ", xyz(columns[i])).tag(names[i] + "TRC", curve);
    }
    return icc.bytes();
  }

  static byte[] grey(byte[] curve) {
    return new Icc("GRAY", "XYZ ", 2).tag("kTRC", curve).bytes();
  }

  Icc tag(String name, byte[] content) {
    names.add(name);
    tags.add(content);
    return this;
  }

  byte[] bytes() {
    int length = 132 + 12 * tags.size();
    for (byte[] tag : tags) {
      length += padded(tag.length);
    }
    ByteBuffer out = ByteBuffer.allocate(length);
    out.putInt(length).putInt(0).put((byte) version).put((byte) 0x20).putShort((short) 0);
    out.put(Pictures.ascii(space.equals("CMYK") ? "prtr" : "mntr"));
    out.put(Pictures.ascii(space)).put(Pictures.ascii(pcs));
    out.position(36).put(Pictures.ascii("acsp"));
    out.position(68).putInt(0xF6D6).putInt(0x10000).putInt(0xD32D);
    out.position(128).putInt(tags.size());
    int at = 132 + 12 * tags.size();
    for (int i = 0; i < tags.size(); i++) {
      out.put(Pictures.ascii(names.get(i))).putInt(at).putInt(tags.get(i).length);
      at += padded(tags.get(i).length);
    }
    for (byte[] tag : tags) {
      out.put(tag).put(new byte[padded(tag.length) - tag.length]);
    }
    return out.array();
  }

  static byte[] xyz(double... values) {
    ByteBuffer out = ByteBuffer.allocate(20).put(Pictures.ascii("XYZ ")).putInt(0);
    for (double value : values) {
      out.putInt(fixed(value));
    }
    return out.array();
  }

  /** A power, in eight bits behind the point. */
  static byte[] gamma(double gamma) {
    return curve((int) Math.round(gamma * 256));
  }

  /** A table; of one entry it is a gamma, of none the identity. */
  static byte[] curve(int... entries) {
    ByteBuffer out = ByteBuffer.allocate(12 + 2 * entries.length);
    out.put(Pictures.ascii("curv")).putInt(0).putInt(entries.length);
    for (int entry : entries) {
      out.putShort((short) entry);
    }
    return out.array();
  }

  static byte[] table(int entries, UnaryOperator<Double> function) {
    int[] values = new int[entries];
    for (int i = 0; i < entries; i++) {
      values[i] = (int) Math.round(65535 * function.apply(i / (entries - 1.0)));
    }
    return curve(values);
  }

  static byte[] parametric(int type, double... parameters) {
    ByteBuffer out = ByteBuffer.allocate(12 + 4 * parameters.length);
    out.put(Pictures.ascii("para")).putInt(0).putShort((short) type).putShort((short) 0);
    for (double parameter : parameters) {
      out.putInt(fixed(parameter));
    }
    return out.array();
  }

  /** sRGB's own curve, as most profiles of version 4 write it. */
  static byte[] srgbCurve() {
    return parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045);
  }

  /** Table of eight or sixteen bits: in curves, grid, out curves; the grid's values are 0 to 1. */
  static byte[] lut(boolean wide, int in, int grid, UnaryOperator<double[]> colour) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(Pictures.ascii(wide ? "mft2" : "mft1"));
    out.writeBytes(new byte[] {0, 0, 0, 0, (byte) in, 3, (byte) grid, 0});
    ByteBuffer matrix = ByteBuffer.allocate(36);
    for (int i = 0; i < 9; i++) {
      matrix.putInt(i % 4 == 0 ? 0x10000 : 0);
    }
    out.writeBytes(matrix.array());
    if (wide) {
      out.writeBytes(new byte[] {0, 2, 0, 2});
    }
    identities(out, wide, in);
    grid(out, wide, in, grid, colour);
    identities(out, wide, 3);
    return out.toByteArray();
  }

  /** Version 4's form with B curves, matrix, M curves, grid and A curves. */
  static byte[] multi(int in, int grid, byte[] a, byte[] m, UnaryOperator<double[]> colour) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] identity = parametric(0, 1);
    int b = 32;
    int matrix = b + 3 * identity.length;
    int mCurves = matrix + 48;
    int clut = mCurves + 3 * padded(m.length);
    ByteArrayOutputStream points = new ByteArrayOutputStream();
    byte[] sizes = new byte[20];
    java.util.Arrays.fill(sizes, 0, in, (byte) grid);
    sizes[16] = 2;
    points.writeBytes(sizes);
    grid(points, true, in, grid, colour);
    points.writeBytes(new byte[padded(points.size()) - points.size()]);
    int aCurves = clut + points.size();
    ByteBuffer head = ByteBuffer.allocate(32).put(Pictures.ascii("mAB ")).putInt(0);
    head.put((byte) in).put((byte) 3).putShort((short) 0);
    head.putInt(b).putInt(matrix).putInt(mCurves).putInt(clut).putInt(aCurves);
    out.writeBytes(head.array());
    for (int i = 0; i < 3; i++) {
      out.writeBytes(identity);
    }
    ByteBuffer values = ByteBuffer.allocate(48);
    for (int i = 0; i < 12; i++) {
      values.putInt(i < 9 && i % 4 == 0 ? 0x10000 : 0);
    }
    out.writeBytes(values.array());
    for (int i = 0; i < 3; i++) {
      out.writeBytes(m);
      out.writeBytes(new byte[padded(m.length) - m.length]);
    }
    out.writeBytes(points.toByteArray());
    for (int i = 0; i < in; i++) {
      out.writeBytes(a);
      out.writeBytes(new byte[padded(a.length) - a.length]);
    }
    return out.toByteArray();
  }

  private static void identities(ByteArrayOutputStream out, boolean wide, int count) {
    for (int i = 0; i < count; i++) {
      for (int v = 0; v < (wide ? 2 : 256); v++) {
        out.writeBytes(wide ? new byte[] {(byte) -v, (byte) -v} : new byte[] {(byte) v});
      }
    }
  }

  private static void grid(
      ByteArrayOutputStream out, boolean wide, int in, int grid, UnaryOperator<double[]> colour) {
    int points = (int) Math.pow(grid, in);
    for (int p = 0; p < points; p++) {
      double[] device = new double[in];
      for (int i = in - 1, rest = p; i >= 0; i--, rest /= grid) {
        device[i] = rest % grid / (grid - 1.0);
      }
      for (double value : colour.apply(device)) {
        double clipped = Math.max(0, Math.min(1, value));
        if (wide) {
          int v = (int) Math.round(65535 * clipped);
          out.write(v >> 8);
          out.write(v);
        } else {
          out.write((int) Math.round(255 * clipped));
        }
      }
    }
  }

  private static int fixed(double value) {
    return (int) Math.round(65536 * value);
  }

  private static int padded(int length) {
    return (length + 3) / 4 * 4;
  }
}
