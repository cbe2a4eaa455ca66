package devfest.studio.images;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;

/** Writes PNG files of every kind for the tests; nothing is filtered. */
final class Png {
  static final int GREY = 0;
  static final int RGB = 2;
  static final int PALETTE = 3;
  static final int GREY_ALPHA = 4;
  static final int RGBA = 6;

  static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  static final byte[] END = Pictures.chunk("IEND", new byte[0]);

  private static final int[][] PASSES = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  /** The samples of a pixel, each of 16 bits (an index for palettes). */
  interface Source {
    int[] at(int x, int y);
  }

  private final int width;
  private final int height;
  private final int bits;
  private final int type;
  private final Source source;
  private final List<byte[]> before = new ArrayList<>();
  private boolean interlaced;

  Png(int width, int height, int bits, int type, Source source) {
    this.width = width;
    this.height = height;
    this.bits = bits;
    this.type = type;
    this.source = source;
  }

  Png interlaced() {
    interlaced = true;
    return this;
  }

  /** Chunks between header and pixels, in their order. */
  Png with(byte[]... chunks) {
    before.addAll(List.of(chunks));
    return this;
  }

  byte[] bytes() {
    return Pictures.join(head(), Pictures.chunk("IDAT", deflated()), END);
  }

  /** Everything before the pixels. */
  byte[] head() {
    byte[] header =
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put((byte) bits)
            .put((byte) type)
            .put((byte) 0)
            .put((byte) 0)
            .put((byte) (interlaced ? 1 : 0))
            .array();
    return Pictures.join(
        SIGNATURE, Pictures.chunk("IHDR", header), Pictures.join(before.toArray(byte[][]::new)));
  }

  byte[] deflated() {
    ByteArrayOutputStream rows = new ByteArrayOutputStream();
    if (interlaced) {
      for (int[] pass : PASSES) {
        rows(rows, pass[0], pass[1], pass[2], pass[3]);
      }
    } else {
      rows(rows, 0, 0, 1, 1);
    }
    return deflated(rows.toByteArray());
  }

  private void rows(ByteArrayOutputStream out, int left, int top, int dx, int dy) {
    if (left >= width) {
      return;
    }
    for (int y = top; y < height; y += dy) {
      out.write(0);
      int held = 0;
      int count = 0;
      for (int x = left; x < width; x += dx) {
        for (int sample : source.at(x, y)) {
          int value = type == PALETTE ? sample : sample >> (16 - bits);
          if (bits == 16) {
            out.write(value >> 8);
            out.write(value);
          } else {
            held = held << bits | value;
            count += bits;
            if (count == 8) {
              out.write(held);
              held = 0;
              count = 0;
            }
          }
        }
      }
      if (count > 0) {
        out.write(held << (8 - count));
      }
    }
  }

  static byte[] deflated(byte[] data) {
    Deflater deflater = new Deflater();
    deflater.setInput(data);
    deflater.finish();
    byte[] out = new byte[data.length + 200];
    return java.util.Arrays.copyOf(out, deflater.deflate(out));
  }

  static byte[] iccp(byte[] icc) {
    return Pictures.chunk("iCCP", Pictures.join(Pictures.ascii("x\0\0"), deflated(icc)));
  }

  static byte[] srgb() {
    return Pictures.chunk("sRGB", new byte[1]);
  }

  static byte[] gama(double encoding) {
    return ints("gAMA", (int) Math.round(100_000 * encoding));
  }

  /** White, red, green, blue: x and y each. */
  static byte[] chrm(double... xy) {
    int[] values = new int[8];
    for (int i = 0; i < 8; i++) {
      values[i] = (int) Math.round(100_000 * xy[i]);
    }
    return ints("cHRM", values);
  }

  static byte[] cicp(int primaries, int transfer, int matrix, int full) {
    return Pictures.chunk(
        "cICP", new byte[] {(byte) primaries, (byte) transfer, (byte) matrix, (byte) full});
  }

  private static byte[] ints(String type, int... values) {
    ByteBuffer out = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      out.putInt(value);
    }
    return Pictures.chunk(type, out.array());
  }
}
