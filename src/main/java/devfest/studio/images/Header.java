package devfest.studio.images;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The size of a picture and what its decoding takes, read from the beginning of the file without
 * decoding it. A damaged header counts as a picture of one pixel: {@link Decoder} refuses a file
 * that turns out to have more pixels than its header.
 *
 * @param width in pixels
 * @param height in pixels
 * @param heap bytes of Java heap per pixel
 * @param other bytes of other memory per pixel, which native codecs allocate
 * @param copies number of copies of the file that are in memory at once
 */
record Header(long width, long height, int heap, int other, int copies) {
  /** The finished picture. */
  private static final int BGR = 3;

  private static final Header UNKNOWN = new Header(1, 1, BGR, 0, 2);

  private static final int SOI_LENGTH = 2;
  private static final int PNG_SIGNATURE = 8;

  /** The length and the name of the first chunk of a PNG. */
  private static final long IHDR = 0x0000000D_49484452L;

  static Header of(ImageFormat format, InputStream file) throws IOException {
    DataInputStream in = new DataInputStream(file);
    try {
      return switch (format) {
        case JPEG -> jpeg(in);
        case PNG -> png(in);
        case GIF -> gif(in);
        case WEBP -> webp(in);
      };
    } catch (EOFException e) {
      return UNKNOWN;
    }
  }

  long pixels() {
    return width * height;
  }

  /** Searches for the frame, like {@link JpegWalk}. */
  private static Header jpeg(DataInputStream in) throws IOException {
    in.skipNBytes(SOI_LENGTH);
    while (true) {
      int marker = marker(in);
      if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
        continue; // no segment
      }
      int length = in.readUnsignedShort() - 2;
      boolean frame = marker >= 0xC0 && marker <= 0xC2;
      if (length < 0 || marker == 0xD9 || marker == 0xDA || (frame && length < 6)) {
        return UNKNOWN;
      }
      if (frame) {
        return frame(in, marker == 0xC2);
      }
      in.skipNBytes(length);
    }
  }

  private static int marker(DataInputStream in) throws IOException {
    int code = 0;
    while (code == 0) {
      int next = in.readUnsignedByte();
      while (next != 0xFF) {
        next = in.readUnsignedByte();
      }
      while (next == 0xFF) {
        next = in.readUnsignedByte();
      }
      code = next;
    }
    return code;
  }

  /** The codec keeps all coefficients of a progressive picture, two bytes each. */
  private static Header frame(DataInputStream in, boolean progressive) throws IOException {
    in.skipNBytes(1);
    int height = in.readUnsignedShort();
    int width = in.readUnsignedShort();
    int components = in.readUnsignedByte();
    boolean inks = components == 4;
    return new Header(
        width, height, inks ? BGR + 4 : BGR, progressive ? 2 * Math.min(4, components) : 0, 2);
  }

  private static Header png(DataInputStream in) throws IOException {
    in.skipNBytes(PNG_SIGNATURE);
    return in.readLong() == IHDR
        ? new Header(in.readInt() & 0xFFFFFFFFL, in.readInt() & 0xFFFFFFFFL, BGR, 0, 1)
        : UNKNOWN;
  }

  /** The codec makes a picture of one byte per pixel. */
  private static Header gif(DataInputStream in) throws IOException {
    in.skipNBytes(6);
    int width = shortFrom(in);
    int height = shortFrom(in);
    int flags = in.readUnsignedByte();
    in.skipNBytes(2 + tableLength(flags));
    int introducer = in.readUnsignedByte();
    while (introducer == 0x21) {
      in.skipNBytes(1);
      for (int block = in.readUnsignedByte(); block > 0; block = in.readUnsignedByte()) {
        in.skipNBytes(block);
      }
      introducer = in.readUnsignedByte();
    }
    if (introducer != 0x2C) {
      return UNKNOWN;
    }
    int left = shortFrom(in);
    int top = shortFrom(in);
    return new Header(
        Math.max(width, left + shortFrom(in)),
        Math.max(height, top + shortFrom(in)),
        BGR + 1,
        0,
        2);
  }

  private static int tableLength(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  /** The codec makes a picture of four bytes per pixel, and another one outside of the heap. */
  private static Header webp(DataInputStream in) throws IOException {
    in.skipNBytes(12);
    while (true) {
      byte[] name = in.readNBytes(4);
      long length = Integer.reverseBytes(in.readInt()) & 0xFFFFFFFFL;
      switch (new String(name, StandardCharsets.ISO_8859_1)) {
        case "VP8X" -> {
          in.skipNBytes(4);
          return webp(1 + mediumFrom(in), 1 + mediumFrom(in));
        }
        case "VP8 " -> {
          in.skipNBytes(6);
          return webp(shortFrom(in) & 0x3FFF, shortFrom(in) & 0x3FFF);
        }
        case "VP8L" -> {
          in.skipNBytes(1);
          int bits = Integer.reverseBytes(in.readInt());
          return webp(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF));
        }
        default -> in.skipNBytes(length + (length & 1));
      }
    }
  }

  private static Header webp(int width, int height) {
    return new Header(width, height, BGR + 4, 8, 3);
  }

  private static int shortFrom(DataInputStream in) throws IOException {
    return in.readUnsignedByte() | in.readUnsignedByte() << 8;
  }

  private static int mediumFrom(DataInputStream in) throws IOException {
    return shortFrom(in) | in.readUnsignedByte() << 16;
  }
}
