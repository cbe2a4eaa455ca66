package devfest.studio.images;

import com.luciad.imageio.webp.WebPImageReaderSpi;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReader;

/**
 * A still WebP whose chunks have been walked and whose sizes agree with each other. The native
 * decoder gets its pixels and alpha alone.
 */
record WebpFile(Cleaned cleaned, Size size) {
  private static final int HEADER = 12;
  private static final int CHUNK_HEADER = 8;
  private static final int VP8 = 0x20385056;
  private static final int VP8L = 0x4C385056;
  private static final int VP8X = 0x58385056;
  private static final int ALPH = 0x48504C41;
  private static final int ANIM = 0x4D494E41;
  private static final int ANMF = 0x464D4E41;

  static WebpFile inspect(byte[] data, PixelLimit limit) throws ImageRefusedException {
    ByteBuffer file = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    long end = CHUNK_HEADER + (file.getInt(4) & 0xFFFFFFFFL);
    if (end > data.length) {
      throw ImageRefusedException.truncated();
    }
    Cleaned cleaned = new Cleaned(data, 0);
    cleaned.keep(0, HEADER);
    Size canvas = null;
    Size pixels = null;
    for (int at = HEADER; at + CHUNK_HEADER <= end; ) {
      int type = file.getInt(at);
      long length = file.getInt(at + 4) & 0xFFFFFFFFL;
      int body = at + CHUNK_HEADER;
      if (body + length > end) {
        throw ImageRefusedException.truncated();
      }
      int next = (int) Math.min(body + length + (length & 1), end);
      switch (type) {
        case VP8X -> {
          if (canvas != null || pixels != null || length < 10) {
            throw ImageRefusedException.damaged("its header is not where it belongs");
          }
          canvas = checked(limit, 1 + medium(file, body + 4), 1 + medium(file, body + 7));
          cleaned.keep(at, next);
        }
        case VP8, VP8L -> {
          if (pixels != null) {
            throw ImageRefusedException.damaged("it holds two pictures in one");
          }
          pixels =
              type == VP8 ? lossy(file, body, length, limit) : lossless(file, body, length, limit);
          cleaned.keep(at, next);
        }
        case ALPH -> cleaned.keep(at, next);
        case ANIM, ANMF ->
            throw ImageRefusedException.unsupported("Animated WebP pictures are not supported.");
        default -> {}
      }
      at = next;
    }
    if (pixels == null) {
      throw ImageRefusedException.damaged("it holds no picture");
    }
    if (canvas != null && !canvas.equals(pixels)) {
      throw ImageRefusedException.damaged("it claims two different sizes");
    }
    cleaned.setLittleEndian(4, cleaned.length() - CHUNK_HEADER);
    return new WebpFile(cleaned, pixels);
  }

  BufferedImage decode() throws IOException, ImageRefusedException {
    ImageReader reader = new WebPImageReaderSpi().createReaderInstance(null);
    try {
      reader.setInput(cleaned.input(), true, true);
      BufferedImage decoded = reader.read(0, reader.getDefaultReadParam());
      if (decoded.getWidth() != size.width() || decoded.getHeight() != size.height()) {
        throw ImageRefusedException.damaged("it claims two different sizes");
      }
      return Bgr.of(decoded);
    } catch (LinkageError e) {
      throw ImageRefusedException.unsupported("WebP pictures can't be read on this server.", e);
    } finally {
      reader.dispose();
    }
  }

  private static Size lossy(ByteBuffer file, int body, long length, PixelLimit limit)
      throws ImageRefusedException {
    boolean keyFrame =
        length >= 10 && (file.get(body) & 1) == 0 && medium(file, body + 3) == 0x2A019D;
    if (!keyFrame) {
      throw ImageRefusedException.damaged("its pixels have no header");
    }
    return checked(limit, file.getShort(body + 6) & 0x3FFF, file.getShort(body + 8) & 0x3FFF);
  }

  private static Size lossless(ByteBuffer file, int body, long length, PixelLimit limit)
      throws ImageRefusedException {
    if (length < 5 || file.get(body) != 0x2F) {
      throw ImageRefusedException.damaged("its pixels have no header");
    }
    int bits = file.getInt(body + 1);
    return checked(limit, 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF));
  }

  private static Size checked(PixelLimit limit, int width, int height)
      throws ImageRefusedException {
    limit.check(width, height);
    return new Size(width, height);
  }

  private static int medium(ByteBuffer file, int at) {
    return (file.getShort(at) & 0xFFFF) | ((file.get(at + 2) & 0xFF) << 16);
  }
}
