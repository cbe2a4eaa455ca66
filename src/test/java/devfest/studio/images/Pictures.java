package devfest.studio.images;

import com.luciad.imageio.webp.WebPImageWriterSpi;
import com.luciad.imageio.webp.WebPWriteParam;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures and files for the tests, made by code. */
final class Pictures {
  private Pictures() {}

  /** Red, green, blue and yellow quarters: top left, top right, bottom left, bottom right. */
  static BufferedImage quarters(int width, int height, int type) {
    BufferedImage image = new BufferedImage(width, height, type);
    paintQuarters(image);
    return image;
  }

  static void paintQuarters(BufferedImage image) {
    Graphics2D g = image.createGraphics();
    int w = image.getWidth() / 2;
    int h = image.getHeight() / 2;
    Color[] colours = {
      new Color(220, 40, 40),
      new Color(40, 200, 60),
      new Color(40, 60, 220),
      new Color(230, 210, 50)
    };
    for (int i = 0; i < 4; i++) {
      g.setColor(colours[i]);
      g.fillRect(i % 2 * w, i / 2 * h, w + 1, h + 1);
    }
    g.dispose();
  }

  static BufferedImage quarters() {
    return quarters(64, 48, BufferedImage.TYPE_3BYTE_BGR);
  }

  static void write(BufferedImage image, Path target, float quality) throws IOException {
    try (OutputStream file = Files.newOutputStream(target)) {
      Jpeg.write(image, file, quality);
    }
  }

  static byte[] encode(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (!ImageIO.write(image, format, out)) {
      throw new IOException("No writer for " + format);
    }
    return out.toByteArray();
  }

  static byte[] png(BufferedImage image, boolean interlaced) throws IOException {
    ImageWriter writer = Codec.writer("png");
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setProgressiveMode(
        interlaced ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    return write(writer, new IIOImage(image, null, null), param);
  }

  static byte[] jpeg() throws IOException {
    return encode(quarters(), "jpeg");
  }

  static byte[] progressiveJpeg() throws IOException {
    return progressive(quarters());
  }

  static byte[] progressive(BufferedImage image) throws IOException {
    ImageWriter writer = Codec.writer("jpeg");
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    return write(writer, new IIOImage(image, null, null), param);
  }

  /** A JPEG of raw samples: four bands give a JPEG of four inks. */
  static byte[] rawJpeg(Raster raster) throws IOException {
    return rawJpeg(raster, 0.75f);
  }

  static byte[] rawJpeg(Raster raster, float quality) throws IOException {
    ImageWriter writer = Codec.writer("jpeg");
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    param.setCompressionQuality(quality);
    return write(writer, new IIOImage(raster, null, null), param);
  }

  static byte[] webp(BufferedImage image, boolean lossless) throws IOException {
    ImageWriter writer = new WebPImageWriterSpi().createWriterInstance(null);
    WebPWriteParam param = (WebPWriteParam) writer.getDefaultWriteParam();
    param.setCompressionType(lossless ? "Lossless" : "Lossy");
    return write(writer, new IIOImage(image, null, null), param);
  }

  private static byte[] write(ImageWriter writer, IIOImage image, ImageWriteParam param)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, image, param);
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /** A segment of a JPEG: marker, length, content. */
  static byte[] segment(int marker, byte[] content) {
    return ByteBuffer.allocate(4 + content.length)
        .put((byte) 0xFF)
        .put((byte) marker)
        .putShort((short) (2 + content.length))
        .put(content)
        .array();
  }

  static byte[] afterSoi(byte[] jpeg, byte[]... segments) {
    byte[] all = join(segments);
    return join(Arrays.copyOf(jpeg, 2), all, Arrays.copyOfRange(jpeg, 2, jpeg.length));
  }

  static byte[] exif(int orientation) {
    ByteBuffer tiff = ByteBuffer.allocate(32);
    tiff.put(ascii("Exif\0\0")).put(ascii("MM")).putShort((short) 42).putInt(8);
    tiff.putShort((short) 1).putShort((short) 0x112).putShort((short) 3).putInt(1);
    tiff.putShort((short) orientation).putShort((short) 0).putInt(0);
    return segment(0xE1, tiff.array());
  }

  static byte[] profile(byte[] icc) {
    return segment(0xE2, join(ascii("ICC_PROFILE\0"), new byte[] {1, 1}, icc));
  }

  static byte[] adobe(int transform) {
    return segment(0xEE, join(ascii("Adobe"), new byte[] {0, 100, 0, 0, 0, 0, (byte) transform}));
  }

  static byte[] chunk(String type, byte[] content) {
    CRC32 sum = new CRC32();
    sum.update(ascii(type));
    sum.update(content);
    return ByteBuffer.allocate(12 + content.length)
        .putInt(content.length)
        .put(ascii(type))
        .put(content)
        .putInt((int) sum.getValue())
        .array();
  }

  /** The PNG with chunks of ours behind its header. */
  static byte[] afterHeader(byte[] png, byte[]... chunks) {
    return join(Arrays.copyOf(png, 33), join(chunks), Arrays.copyOfRange(png, 33, png.length));
  }

  /** The header chunk of a PNG. */
  static byte[] header(int width, int height, int bits, int type) {
    return chunk(
        "IHDR",
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put((byte) bits)
            .put((byte) type)
            .array());
  }

  /** A WebP file of chunks. */
  static byte[] riff(byte[]... chunks) {
    byte[] all = join(chunks);
    return ByteBuffer.allocate(12 + all.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(ascii("RIFF"))
        .putInt(4 + all.length)
        .put(ascii("WEBP"))
        .put(all)
        .array();
  }

  static byte[] riffChunk(String type, byte[] content) {
    int padded = content.length + (content.length & 1);
    return ByteBuffer.allocate(8 + padded)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(ascii(type))
        .putInt(content.length)
        .put(content)
        .array();
  }

  /** The header of an extended WebP. */
  static byte[] vp8x(int flags, int width, int height) {
    ByteBuffer out = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN).putInt(flags);
    three(out, width - 1);
    three(out, height - 1);
    return riffChunk("VP8X", out.array());
  }

  private static void three(ByteBuffer out, int value) {
    out.put((byte) value).put((byte) (value >> 8)).put((byte) (value >> 16));
  }

  /** A frame of an animated WebP. */
  static byte[] anmf(int left, int top, int width, int height, int flags, byte[] content) {
    ByteBuffer out = ByteBuffer.allocate(16 + content.length);
    three(out, left / 2);
    three(out, top / 2);
    three(out, width - 1);
    three(out, height - 1);
    out.put((byte) 100).put((byte) 0).put((byte) 0).put((byte) flags).put(content);
    return riffChunk("ANMF", out.array());
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  static int find(byte[] data, byte[] wanted) {
    for (int i = 0; i + wanted.length <= data.length; i++) {
      if (Arrays.equals(data, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }

  /** The mean difference of two pictures of one size, 0 to 255. */
  static double difference(BufferedImage a, BufferedImage b) {
    byte[] p = Bgr.pixels(a);
    byte[] q = Bgr.pixels(b);
    long sum = 0;
    for (int i = 0; i < p.length; i++) {
      sum += Math.abs((p[i] & 0xFF) - (q[i] & 0xFF));
    }
    return (double) sum / p.length;
  }
}
