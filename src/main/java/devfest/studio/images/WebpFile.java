package devfest.studio.images;

import com.luciad.imageio.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import javax.imageio.ImageReader;
import org.jspecify.annotations.Nullable;

/**
 * A WebP whose chunks have been checked and whose sizes are consistent. The decoder receives only
 * the pixels and alpha of one still picture, the first frame of an animation. The check is strict
 * about sizes and lengths, because the decoder is native code.
 *
 * @param canvas the size of the whole picture
 * @param frame the size of the pixels, which are at left and top of the canvas
 * @param space the colour space, if it is not sRGB
 */
record WebpFile(
    Cleaned cleaned,
    Size canvas,
    Size frame,
    int left,
    int top,
    int orientation,
    Optional<ColourSpace> space) {

  static WebpFile inspect(byte[] data, PixelLimit limit) throws ImageRefusedException {
    return new Walk(data, limit).walk();
  }

  BufferedImage decode() throws IOException, ImageRefusedException {
    BufferedImage decoded = read();
    if (decoded.getWidth() != frame.width() || decoded.getHeight() != frame.height()) {
      throw ImageRefusedException.damaged("it declares two different sizes");
    }
    Bgr.OnWhite source = new Bgr.OnWhite(decoded, space.map(s -> s.colours(Colours.LEVELS)));
    Upright upright = new Upright(canvas, orientation);
    boolean fills = frame.equals(canvas);
    if (!fills) {
      upright.fill();
    }
    byte[] row = fills ? upright.rows() : new byte[3 * frame.width()];
    for (int y = 0; y < frame.height(); y++) {
      source.read(y, row, fills ? upright.at(y) : 0);
      if (fills) {
        upright.done(y);
      } else {
        upright.set(left, top + y, 1, row);
      }
    }
    return upright.image();
  }

  private BufferedImage read() throws IOException, ImageRefusedException {
    ImageReader reader = new WebPImageReaderSpi().createReaderInstance(null);
    try {
      reader.setInput(cleaned.input(), true, true);
      return reader.read(0, reader.getDefaultReadParam());
    } catch (LinkageError e) {
      throw ImageRefusedException.unsupported("This server does not support WebP pictures.", e);
    } catch (OutOfMemoryError e) {
      if (e.getMessage() != null) { // from the JVM, not from libwebp
        throw e;
      }
      throw ImageRefusedException.damaged("its content cannot be decoded", e);
    } finally {
      reader.dispose();
    }
  }

  /**
   * One pass over the chunks of a file and its first frame. Every step moves forward, so it
   * terminates.
   */
  private static final class Walk {
    private static final int HEADER = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int FRAME_HEADER = 16;
    private static final int OUR_HEADER = 18;
    private static final int VP8 = 0x20385056;
    private static final int VP8L = 0x4C385056;
    private static final int VP8X = 0x58385056;
    private static final int ALPH = 0x48504C41;
    private static final int ANMF = 0x464D4E41;
    private static final int ICCP = 0x50434349;
    private static final int EXIF = 0x46495845;
    private static final int ANIMATION = 0x02;
    private static final int ALPHA = 0x10;
    private static final int PROFILE = 0x20;
    private static final byte[] EXIF_NAME = {'E', 'x', 'i', 'f', 0, 0};

    private final byte[] data;
    private final ByteBuffer file;
    private final PixelLimit limit;
    private final Cleaned cleaned;
    private int flags;
    private @Nullable Size canvas;
    private @Nullable Size pixels;
    private boolean animated;
    private int left;
    private int top;
    private byte @Nullable [] profile;
    private OptionalInt orientation = OptionalInt.empty();

    Walk(byte[] data, PixelLimit limit) {
      this.data = data;
      this.limit = limit;
      file = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
      cleaned = new Cleaned(data, OUR_HEADER);
    }

    WebpFile walk() throws ImageRefusedException {
      long end = CHUNK_HEADER + (file.getInt(4) & 0xFFFFFFFFL);
      if (end > data.length) {
        throw ImageRefusedException.truncated();
      }
      cleaned.keep(0, HEADER);
      chunks(HEADER, (int) end);
      if (pixels == null) {
        throw ImageRefusedException.damaged("it contains no image");
      }
      if (!animated && canvas != null && !canvas.equals(pixels)) {
        throw ImageRefusedException.damaged("it declares two different sizes");
      }
      cleaned.setLittleEndian(4, cleaned.length() - CHUNK_HEADER);
      return new WebpFile(
          cleaned,
          animated && canvas != null ? canvas : pixels,
          pixels,
          left,
          top,
          orientation.orElse(1),
          space());
    }

    /** Like browsers, uses a profile only if the header announces it, and never for animations. */
    private Optional<ColourSpace> space() {
      return profile == null || animated || (flags & PROFILE) == 0
          ? Optional.empty()
          : IccProfile.read(profile, 3).filter(space -> !space.isSrgb());
    }

    private void chunks(int from, int end) throws ImageRefusedException {
      for (int at = from; at + CHUNK_HEADER <= end; ) {
        int type = file.getInt(at);
        long length = file.getInt(at + 4) & 0xFFFFFFFFL;
        int body = at + CHUNK_HEADER;
        if (body + length > end) {
          throw ImageRefusedException.truncated();
        }
        int next = (int) Math.min(body + length + (length & 1), end);
        chunk(type, at, body, (int) length, next);
        at = next;
      }
    }

    private void chunk(int type, int at, int body, int length, int next)
        throws ImageRefusedException {
      switch (type) {
        case VP8X -> extended(at, body, length, next);
        case ANMF -> {
          if (!animated) {
            frame(body, length, next);
          }
        }
        case VP8, VP8L -> {
          if (animated && pixels != null) {
            return;
          }
          if (pixels != null) {
            throw ImageRefusedException.damaged("it contains more than one image");
          }
          pixels = type == VP8 ? lossy(body, length) : lossless(body, length);
          cleaned.keep(at, next);
        }
        case ALPH -> {
          if (pixels == null) {
            cleaned.keep(at, next);
          }
        }
        case ICCP -> profile = profile == null ? bytes(body, length) : profile;
        case EXIF -> {
          if (orientation.isEmpty()) {
            orientation = OptionalInt.of(orientation(body, body + length));
          }
        }
        default -> {}
      }
    }

    private void extended(int at, int body, int length, int next) throws ImageRefusedException {
      if (canvas != null || pixels != null || length < 10) {
        throw ImageRefusedException.damaged("its header is missing or misplaced");
      }
      flags = file.get(body);
      canvas = checked(1 + medium(body + 4), 1 + medium(body + 7));
      if ((flags & ANIMATION) == 0) {
        cleaned.keep(at, next);
      }
    }

    /** Converts the first frame to a still picture. */
    private void frame(int body, int length, int next) throws ImageRefusedException {
      if (canvas == null || pixels != null || length < FRAME_HEADER) {
        throw ImageRefusedException.damaged("its frames are misplaced");
      }
      animated = true;
      left = 2 * medium(body);
      top = 2 * medium(body + 3);
      Size size = checked(1 + medium(body + 6), 1 + medium(body + 9));
      if (left > canvas.width() - size.width() || top > canvas.height() - size.height()) {
        throw ImageRefusedException.damaged("its first frame exceeds the canvas");
      }
      if ((flags & ANIMATION) != 0) {
        cleaned.add('V', 'P', '8', 'X', 10, 0, 0, 0, ALPHA, 0, 0, 0);
        addMedium(size.width() - 1);
        addMedium(size.height() - 1);
      }
      chunks(body + FRAME_HEADER, Math.min(body + length, next));
      if (!size.equals(pixels)) {
        throw ImageRefusedException.damaged("it declares two different sizes");
      }
    }

    private void addMedium(int value) {
      cleaned.add(value, value >> 8, value >> 16);
    }

    /** Some programs write the prefix of a JPEG segment before the EXIF block. */
    private int orientation(int from, int to) {
      boolean named = to - from >= 6 && Arrays.equals(data, from, from + 6, EXIF_NAME, 0, 6);
      return Exif.orientation(data, named ? from + 6 : from, to);
    }

    private Size lossy(int body, int length) throws ImageRefusedException {
      boolean keyFrame = length >= 10 && (file.get(body) & 1) == 0 && medium(body + 3) == 0x2A019D;
      if (!keyFrame) {
        throw ImageRefusedException.damaged("its pixels have no header");
      }
      return checked(file.getShort(body + 6) & 0x3FFF, file.getShort(body + 8) & 0x3FFF);
    }

    private Size lossless(int body, int length) throws ImageRefusedException {
      if (length < 5 || file.get(body) != 0x2F) {
        throw ImageRefusedException.damaged("its pixels have no header");
      }
      int bits = file.getInt(body + 1);
      return checked(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF));
    }

    private Size checked(int width, int height) throws ImageRefusedException {
      limit.check(width, height);
      return new Size(width, height);
    }

    private byte[] bytes(int from, int length) {
      return Arrays.copyOfRange(data, from, from + Math.min(length, IccProfile.MAX_LENGTH + 1));
    }

    private int medium(int at) {
      return (file.getShort(at) & 0xFFFF) | ((file.get(at + 2) & 0xFF) << 16);
    }
  }
}
