package devfest.studio.images;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.Arrays;
import java.util.Optional;

/** The pixel layout of this package: {@code TYPE_3BYTE_BGR}, three bytes per pixel, no padding. */
final class Bgr {
  private Bgr() {}

  static BufferedImage create(int width, int height) {
    return new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
  }

  /** Returns the picture's own array, not a copy: blue, green, red, row by row from the top. */
  static byte[] pixels(BufferedImage bgr) {
    return ((DataBufferByte) bgr.getRaster().getDataBuffer()).getData();
  }

  /** Returns the picture itself if it has this layout, else a copy composited on white. */
  static BufferedImage of(BufferedImage image) {
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR && isWhole(image)) {
      return image;
    }
    BufferedImage copy = create(image.getWidth(), image.getHeight());
    OnWhite rows = new OnWhite(image, Optional.empty());
    for (int y = 0; y < image.getHeight(); y++) {
      rows.read(y, pixels(copy), 3 * y * image.getWidth());
    }
    return copy;
  }

  private static boolean isWhole(BufferedImage image) {
    return pixels(image).length == 3L * image.getWidth() * image.getHeight();
  }

  static BufferedImage white(int width, int height) {
    BufferedImage image = create(width, height);
    Arrays.fill(pixels(image), (byte) 0xFF);
    return image;
  }

  /** The rows of a picture of any type, composited on white. Not thread-safe. */
  static final class OnWhite {
    private final BufferedImage image;
    private final Optional<Colours> colours;
    private final int[] argb;
    private final int[] samples;

    /**
     * @param colours converts the picture's colours before compositing
     */
    OnWhite(BufferedImage image, Optional<Colours> colours) {
      this.image = image;
      this.colours = colours;
      argb = new int[image.getWidth()];
      samples = new int[colours.isPresent() ? 3 * argb.length : 0];
    }

    /** Reads a row into an array of three bytes per pixel. */
    void read(int y, byte[] bgr, int at) {
      readRow(image, y, argb);
      if (colours.isPresent()) {
        convert(colours.get(), bgr, at);
        return;
      }
      int o = at;
      for (int p : argb) {
        int alpha = p >>> 24;
        bgr[o] = over(p & 0xFF, alpha);
        bgr[o + 1] = over(p >> 8 & 0xFF, alpha);
        bgr[o + 2] = over(p >> 16 & 0xFF, alpha);
        o += 3;
      }
    }

    private void convert(Colours conversion, byte[] bgr, int at) {
      for (int x = 0; x < argb.length; x++) {
        samples[3 * x] = argb[x] >> 16 & 0xFF;
        samples[3 * x + 1] = argb[x] >> 8 & 0xFF;
        samples[3 * x + 2] = argb[x] & 0xFF;
        argb[x] >>>= 24;
      }
      conversion.toSrgb(samples, argb.length, bgr, at);
      onWhite(bgr, at, argb, argb.length);
    }
  }

  /** Composites pixels on white in place. */
  static void onWhite(byte[] bgr, int at, int[] alpha, int pixels) {
    int o = at;
    for (int x = 0; x < pixels; x++, o += 3) {
      if (alpha[x] != 255) {
        bgr[o] = over(bgr[o] & 0xFF, alpha[x]);
        bgr[o + 1] = over(bgr[o + 1] & 0xFF, alpha[x]);
        bgr[o + 2] = over(bgr[o + 2] & 0xFF, alpha[x]);
      }
    }
  }

  private static byte over(int value, int alpha) {
    return alpha == 255 ? (byte) value : (byte) (255 - ((255 - value) * alpha + 127) / 255);
  }

  private static void readRow(BufferedImage image, int y, int[] argb) {
    ColorModel model = image.getColorModel();
    if (model instanceof IndexColorModel palette) {
      Raster raster = image.getRaster();
      raster.getSamples(0, y, argb.length, 1, 0, argb);
      for (int x = 0; x < argb.length; x++) {
        argb[x] = palette.getRGB(argb[x]);
      }
    } else if (model.getColorSpace().getType() == ColorSpace.TYPE_GRAY) {
      readGreyRow(image.getRaster(), y, argb, model.getComponentSize(0) - 8);
    } else {
      image.getRGB(0, y, argb.length, 1, argb, 0, argb.length);
    }
  }

  /** Java interprets grey samples as linear light; in files they are encoded like sRGB. */
  private static void readGreyRow(Raster raster, int y, int[] argb, int excessBits) {
    int[] alpha = new int[argb.length];
    if (raster.getNumBands() == 2) {
      raster.getSamples(0, y, argb.length, 1, 1, alpha);
    } else {
      Arrays.fill(alpha, 255 << excessBits);
    }
    raster.getSamples(0, y, argb.length, 1, 0, argb);
    for (int x = 0; x < argb.length; x++) {
      argb[x] = (alpha[x] >> excessBits) << 24 | (argb[x] >> excessBits) * 0x010101;
    }
  }
}
