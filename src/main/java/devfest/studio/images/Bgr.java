package devfest.studio.images;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.util.Arrays;

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
    return image.getType() == BufferedImage.TYPE_3BYTE_BGR && isWhole(image)
        ? image
        : onWhite(image, create(image.getWidth(), image.getHeight()), 0, 0);
  }

  private static boolean isWhole(BufferedImage image) {
    return pixels(image).length == 3L * image.getWidth() * image.getHeight();
  }

  static BufferedImage white(int width, int height) {
    BufferedImage image = create(width, height);
    Arrays.fill(pixels(image), (byte) 0xFF);
    return image;
  }

  /**
   * Composites a picture of any type on white and writes it into the target at the given position;
   * the other pixels of the target are not changed.
   */
  static BufferedImage onWhite(BufferedImage image, BufferedImage target, int left, int top) {
    int width = image.getWidth();
    byte[] to = pixels(target);
    int[] argb = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      readRow(image, y, argb);
      int o = 3 * ((top + y) * target.getWidth() + left);
      for (int x = 0; x < width; x++, o += 3) {
        int p = argb[x];
        int alpha = p >>> 24;
        to[o] = over(p & 0xFF, alpha);
        to[o + 1] = over(p >> 8 & 0xFF, alpha);
        to[o + 2] = over(p >> 16 & 0xFF, alpha);
      }
    }
    return target;
  }

  /** Like {@link #onWhite}, but converts the picture's colours before compositing. */
  static BufferedImage onWhite(
      BufferedImage image, BufferedImage target, int left, int top, Colours colours) {
    int width = image.getWidth();
    byte[] to = pixels(target);
    int[] argb = new int[width];
    int[] samples = new int[3 * width];
    for (int y = 0; y < image.getHeight(); y++) {
      readRow(image, y, argb);
      for (int x = 0; x < width; x++) {
        samples[3 * x] = argb[x] >> 16 & 0xFF;
        samples[3 * x + 1] = argb[x] >> 8 & 0xFF;
        samples[3 * x + 2] = argb[x] & 0xFF;
        argb[x] >>>= 24;
      }
      int o = 3 * ((top + y) * target.getWidth() + left);
      colours.toSrgb(samples, width, to, o);
      onWhite(to, o, argb, width);
    }
    return target;
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
