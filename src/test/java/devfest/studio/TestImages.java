package devfest.studio;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Random;
import javax.imageio.ImageIO;

/** Photos to upload. */
public final class TestImages {

  private TestImages() {}

  public static byte[] jpeg(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = image.createGraphics();
    graphics.setPaint(new GradientPaint(0, 0, Color.ORANGE, width, height, Color.BLUE));
    graphics.fillRect(0, 0, width, height);
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      graphics.setColor(new Color(random.nextInt(0x1000000)));
      graphics.fillOval(
          random.nextInt(width), random.nextInt(height), width / 10 + 1, height / 10 + 1);
    }
    graphics.dispose();
    return jpeg(image);
  }

  /** A photo that cannot be compressed well: about a byte per pixel. */
  public static byte[] noise(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    new Random(7).nextBytes(((DataBufferByte) image.getRaster().getDataBuffer()).getData());
    return jpeg(image);
  }

  /** The same photo with an EXIF orientation by which its left side is shown at the top. */
  public static byte[] turned(byte[] jpeg) {
    byte[] exif =
        HexFormat.of()
            .parseHex(
                "ffe10022457869660000" // a segment of 34 bytes, "Exif"
                    + "4d4d002a00000008" // TIFF, big endian; the directory follows
                    + "0001011200030000000100060000" // one entry: the orientation is 6
                    + "00000000"); // no other directory
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(jpeg, 0, 2);
    bytes.writeBytes(exif);
    bytes.write(jpeg, 2, jpeg.length - 2);
    return bytes.toByteArray();
  }

  private static byte[] jpeg(BufferedImage image) {
    return encode(image, "jpg");
  }

  public static byte[] encode(BufferedImage image, String format) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(image, format, bytes);
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
