package devfest.studio.images;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A PNG whose chunks have been checked, as input of {@link PngPixels}. Text is never inflated, and
 * a profile only up to a limit.
 *
 * @param bits the bits of a sample: 1, 2, 4, 8 or 16
 * @param type the colour type in the header
 * @param frame the area of the pixels: the whole canvas, except for some animations
 * @param palette red, green and blue of each entry; may be empty
 * @param transparency the alpha of the palette entries, or the transparent colour; may be empty
 * @param space the colour space, if it is not sRGB
 */
record PngFile(
    Size canvas,
    int bits,
    int type,
    boolean interlaced,
    Frame frame,
    ByteBuffer palette,
    ByteBuffer transparency,
    PngData data,
    int orientation,
    Optional<ColourSpace> space) {

  static final int GREY = 0;
  static final int RGB = 2;
  static final int PALETTE = 3;
  static final int GREY_ALPHA = 4;
  static final int RGB_ALPHA = 6;

  /** A rectangle of the canvas. */
  record Frame(int left, int top, int width, int height) {
    boolean isWithin(Size canvas) {
      return width > 0
          && height > 0
          && left >= 0
          && top >= 0
          && left <= canvas.width() - width
          && top <= canvas.height() - height;
    }

    static Frame of(ByteBuffer chunk, int at) {
      return new Frame(
          chunk.getInt(at + 8), chunk.getInt(at + 12), chunk.getInt(at), chunk.getInt(at + 4));
    }
  }

  static PngFile inspect(byte[] data, PixelLimit limit) throws ImageRefusedException {
    return new PngWalk(data, limit).walk();
  }

  BufferedImage decode() throws ImageRefusedException {
    return new PngPixels(this).decode();
  }

  /** Returns the number of samples per pixel in the file. */
  int channels() {
    return switch (type) {
      case RGB -> 3;
      case GREY_ALPHA -> 2;
      case RGB_ALPHA -> 4;
      default -> 1;
    };
  }

  /** Whether the PNG format allows this bit depth for this colour type. */
  static boolean possible(int type, int bits) {
    return switch (type) {
      case GREY -> Arrays.asList(1, 2, 4, 8, 16).contains(bits);
      case PALETTE -> Arrays.asList(1, 2, 4, 8).contains(bits);
      case RGB, GREY_ALPHA, RGB_ALPHA -> bits == 8 || bits == 16;
      default -> false;
    };
  }
}
