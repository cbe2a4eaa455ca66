package devfest.studio.images;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Optional;

/**
 * A GIF up to the end of its first frame. The codec receives no comments, application data or
 * further frames. A logical screen that is too small for the first frame is enlarged to contain it,
 * as in browsers.
 */
record GifFile(Cleaned cleaned, Size screen, int left, int top) {
  private static final int SCREEN = 13;
  private static final int EXTENSION = 0x21;
  private static final int GRAPHIC_CONTROL = 0xF9;
  private static final int FRAME = 0x2C;
  private static final int TRAILER = 0x3B;

  static GifFile inspect(byte[] data, PixelLimit limit) throws ImageRefusedException {
    need(data, SCREEN);
    int width = unsignedShort(data, 6);
    int height = unsignedShort(data, 8);
    limit.check(Math.max(1, width), Math.max(1, height));
    Cleaned cleaned = new Cleaned(data, 1);
    int at = SCREEN + tableLength(data[10]);
    need(data, at);
    cleaned.keep(0, at);
    while (true) {
      need(data, at + 2);
      if (data[at] == FRAME) {
        break;
      }
      if (data[at] != EXTENSION) {
        throw ImageRefusedException.damaged("it contains no image");
      }
      int end = endOfBlocks(data, at + 2);
      if ((data[at + 1] & 0xFF) == GRAPHIC_CONTROL) {
        cleaned.keep(at, end);
      }
      at = end;
    }
    need(data, at + 10);
    int left = unsignedShort(data, at + 1);
    int top = unsignedShort(data, at + 3);
    int frameWidth = unsignedShort(data, at + 5);
    int frameHeight = unsignedShort(data, at + 7);
    limit.check(frameWidth, frameHeight);
    Size screen = new Size(Math.max(width, left + frameWidth), Math.max(height, top + frameHeight));
    limit.check(screen.width(), screen.height());
    int code = at + 10 + tableLength(data[at + 9]);
    need(data, code + 1);
    if (data[code] < 1 || data[code] > 8) {
      throw ImageRefusedException.damaged("its code size is impossible");
    }
    cleaned.keep(at, endOfBlocks(data, code + 1));
    cleaned.add(TRAILER);
    return new GifFile(cleaned, screen, left, top);
  }

  BufferedImage decode() throws IOException, ImageRefusedException {
    BufferedImage frame = Codec.read("gif", cleaned.input(), null);
    BufferedImage image = Bgr.white(screen.width(), screen.height());
    Bgr.OnWhite rows = new Bgr.OnWhite(frame, Optional.empty());
    for (int y = 0; y < frame.getHeight(); y++) {
      rows.read(y, Bgr.pixels(image), 3 * ((top + y) * screen.width() + left));
    }
    return image;
  }

  private static int tableLength(byte flags) {
    return flags < 0 ? 3 << ((flags & 7) + 1) : 0;
  }

  /** Returns the index after the empty block that ends a sequence of length-prefixed blocks. */
  private static int endOfBlocks(byte[] data, int from) throws ImageRefusedException {
    int at = from;
    while (true) {
      need(data, at + 1);
      int length = data[at] & 0xFF;
      at += 1 + length;
      if (length == 0) {
        return at;
      }
    }
  }

  private static void need(byte[] data, int length) throws ImageRefusedException {
    if (data.length < length) {
      throw ImageRefusedException.truncated();
    }
  }

  private static int unsignedShort(byte[] data, int i) {
    return (data[i] & 0xFF) | ((data[i + 1] & 0xFF) << 8);
  }
}
