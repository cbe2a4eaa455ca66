package devfest.studio.images;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Decodes the pixels of a PNG row by row directly to opaque sRGB. Colours are converted at their
 * original bit depth, then composited on white. The JDK's reader would need a second picture for
 * this, and refuses files that every viewer shows. Not thread-safe.
 */
final class PngPixels {
  /** Adam7: first x, first y, step in x, step in y of each pass. */
  private static final int[][] PASSES = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

  private final PngFile png;
  private final Colours colours;
  private final byte[] entries = new byte[3 * 256];
  private final int[] entryAlpha = new int[256];
  private int entryCount;

  PngPixels(PngFile png) {
    this.png = png;
    int levels = png.bits() == 16 ? Colours.FINE_LEVELS : Colours.LEVELS;
    colours =
        png.space()
            .map(space -> space.colours(levels))
            .orElse(levels == Colours.LEVELS ? PngPixels::copy : PngPixels::shorten);
  }

  BufferedImage decode() throws ImageRefusedException {
    if (png.type() == PngFile.PALETTE) {
      readPalette();
    }
    PngFile.Frame frame = png.frame();
    Size canvas = png.canvas();
    try (PngData.Rows rows = png.data().open()) {
      boolean fills = frame.width() == canvas.width() && frame.height() == canvas.height();
      Upright upright = new Upright(canvas, png.orientation());
      if (!fills) {
        upright.fill();
      }
      boolean byRows = fills && !png.interlaced();
      for (int[] pass : png.interlaced() ? PASSES : ONE_PASS) {
        pass(pass, rows, upright, byRows);
      }
      rows.check();
      return upright.image();
    }
  }

  private void readPalette() throws ImageRefusedException {
    ByteBuffer palette = png.palette();
    entryCount = Math.min(palette.limit() / 3, 256);
    if (entryCount == 0) {
      throw ImageRefusedException.damaged("it has no palette");
    }
    int[] samples = new int[3 * entryCount];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = palette.get(i) & 0xFF;
    }
    colours.toSrgb(samples, entryCount, entries, 0);
    Arrays.fill(entryAlpha, 255);
    ByteBuffer alpha = png.transparency();
    if (alpha.limit() <= entryAlpha.length) {
      for (int i = 0; i < alpha.limit(); i++) {
        entryAlpha[i] = alpha.get(i) & 0xFF;
      }
    }
    Bgr.onWhite(entries, 0, entryAlpha, entryCount);
  }

  private void pass(int[] pass, PngData.Rows rows, Upright target, boolean byRows)
      throws ImageRefusedException {
    PngFile.Frame frame = png.frame();
    int width = (frame.width() - pass[0] + pass[2] - 1) / pass[2];
    if (width <= 0) {
      return;
    }
    int pixelBits = png.channels() * png.bits();
    int pixelBytes = Math.max(1, pixelBits / 8);
    byte[] filter = new byte[1];
    byte[] row = new byte[(int) (((long) width * pixelBits + 7) / 8)];
    byte[] above = new byte[row.length];
    byte[] line = byRows ? target.rows() : new byte[3 * width];
    Layout layout = new Layout(width);
    for (int y = pass[1]; y < frame.height(); y += pass[3]) {
      rows.read(filter);
      rows.read(row);
      unfilter(filter[0], row, above, pixelBytes);
      if (byRows) {
        layout.lay(row, line, target.at(y));
        target.done(y);
      } else {
        layout.lay(row, line, 0);
        target.set(frame.left() + pass[0], frame.top() + y, pass[2], line);
      }
      byte[] next = above;
      above = row;
      row = next;
    }
  }

  private static void unfilter(int filter, byte[] row, byte[] above, int pixel)
      throws ImageRefusedException {
    switch (filter) {
      case 0 -> {}
      case 1 -> {
        for (int i = pixel; i < row.length; i++) {
          row[i] += row[i - pixel];
        }
      }
      case 2 -> {
        for (int i = 0; i < row.length; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        for (int i = 0; i < row.length; i++) {
          int left = i < pixel ? 0 : row[i - pixel] & 0xFF;
          row[i] += (byte) ((left + (above[i] & 0xFF)) >> 1);
        }
      }
      case 4 -> {
        for (int i = 0; i < Math.min(pixel, row.length); i++) {
          row[i] += above[i];
        }
        for (int i = pixel; i < row.length; i++) {
          row[i] += paeth(row[i - pixel] & 0xFF, above[i] & 0xFF, above[i - pixel] & 0xFF);
        }
      }
      default -> throw ImageRefusedException.damaged("a row has an impossible filter");
    }
  }

  private static byte paeth(int left, int up, int corner) {
    int toLeft = Math.abs(up - corner);
    int toUp = Math.abs(left - corner);
    int toCorner = Math.abs(left + up - 2 * corner);
    return (byte) (toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner);
  }

  private static void copy(int[] samples, int pixels, byte[] bgr, int at) {
    for (int i = 0; i < 3 * pixels; i += 3) {
      bgr[at + i] = (byte) samples[i + 2];
      bgr[at + i + 1] = (byte) samples[i + 1];
      bgr[at + i + 2] = (byte) samples[i];
    }
  }

  private static void shorten(int[] samples, int pixels, byte[] bgr, int at) {
    for (int i = 0; i < 3 * pixels; i += 3) {
      bgr[at + i] = (byte) (samples[i + 2] >> 4);
      bgr[at + i + 1] = (byte) (samples[i + 1] >> 4);
      bgr[at + i + 2] = (byte) (samples[i] >> 4);
    }
  }

  /** Converts rows of a fixed width to pixels. */
  private final class Layout {
    private final int width;
    private final int[] samples;
    private final int[] alpha;
    private final int[] key;
    private final boolean keyed;

    Layout(int width) {
      this.width = width;
      samples = new int[3 * width];
      alpha = new int[width];
      key = key();
      keyed = key.length > 0;
    }

    /** Returns the samples of the transparent colour, or null. */
    private int[] key() {
      ByteBuffer given = png.transparency();
      int count = png.channels();
      if ((png.type() != PngFile.GREY && png.type() != PngFile.RGB) || given.limit() < 2 * count) {
        return new int[0];
      }
      int[] key = new int[count];
      for (int i = 0; i < count; i++) {
        key[i] = given.getShort(2 * i) & ((1 << png.bits()) - 1);
      }
      return key;
    }

    void lay(byte[] row, byte[] bgr, int at) {
      if (png.type() == PngFile.PALETTE) {
        layEntries(row, bgr, at);
        return;
      }
      boolean hasAlpha = keyed || png.channels() == 2 || png.channels() == 4;
      if (png.bits() == 16) {
        readWide(row);
      } else if (png.bits() == 8) {
        read(row);
      } else {
        readPacked(row);
      }
      colours.toSrgb(samples, width, bgr, at);
      if (hasAlpha) {
        Bgr.onWhite(bgr, at, alpha, width);
      }
    }

    /** Like browsers, uses the last entry for indices beyond the end of the palette. */
    private void layEntries(byte[] row, byte[] bgr, int at) {
      int o = at;
      for (int x = 0; x < width; x++, o += 3) {
        int entry = 3 * Math.min(packed(row, x), entryCount - 1);
        bgr[o] = entries[entry];
        bgr[o + 1] = entries[entry + 1];
        bgr[o + 2] = entries[entry + 2];
      }
    }

    private int packed(byte[] row, int x) {
      int bits = png.bits();
      int at = x * bits;
      return row[at >> 3] >> (8 - bits - (at & 7)) & ((1 << bits) - 1);
    }

    private void readPacked(byte[] row) {
      int most = (1 << png.bits()) - 1;
      for (int x = 0; x < width; x++) {
        int sample = packed(row, x);
        grey(x, sample * 255 / most);
        alpha[x] = keyed && key[0] == sample ? 0 : 255;
      }
    }

    private void grey(int x, int value) {
      samples[3 * x] = value;
      samples[3 * x + 1] = value;
      samples[3 * x + 2] = value;
    }

    private void read(byte[] row) {
      int n = png.channels();
      for (int x = 0, i = 0; x < width; x++, i += n) {
        if (n <= 2) {
          grey(x, row[i] & 0xFF);
        } else {
          samples[3 * x] = row[i] & 0xFF;
          samples[3 * x + 1] = row[i + 1] & 0xFF;
          samples[3 * x + 2] = row[i + 2] & 0xFF;
        }
        if (n == 2 || n == 4) {
          alpha[x] = row[i + n - 1] & 0xFF;
        } else if (keyed) {
          boolean hidden = n == 1 ? samples[3 * x] == key[0] : isKey(3 * x);
          alpha[x] = hidden ? 0 : 255;
        }
      }
    }

    private boolean isKey(int i) {
      return samples[i] == key[0] && samples[i + 1] == key[1] && samples[i + 2] == key[2];
    }

    /** Compares the transparent colour with all 16 bits; the conversion uses 12 bits. */
    private void readWide(byte[] row) {
      int n = png.channels();
      for (int x = 0, i = 0; x < width; x++, i += 2 * n) {
        boolean hidden = keyed;
        for (int c = 0; c < 3; c++) {
          int at = n <= 2 ? i : i + 2 * c;
          int sample = (row[at] & 0xFF) << 8 | (row[at + 1] & 0xFF);
          hidden = hidden && sample == key[n == 1 ? 0 : c];
          samples[3 * x + c] = sample >> 4;
        }
        alpha[x] = n == 2 || n == 4 ? row[i + 2 * n - 2] & 0xFF : hidden ? 0 : 255;
      }
    }
  }
}
