package devfest.studio.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.TestImages;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class OverlayTest {

  private static final int WHITE = 0xFFFFFFFF;
  private static final int RED = 0xFFFF0000;

  /** A red border of a tenth of the height around a transparent middle. */
  private static byte[] frame(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.RED);
    int edge = height / 10;
    graphics.fillRect(0, 0, width, edge);
    graphics.fillRect(0, height - edge, width, edge);
    graphics.fillRect(0, 0, edge, height);
    graphics.fillRect(width - edge, 0, edge, height);
    graphics.dispose();
    return TestImages.encode(image, "png");
  }

  private static BufferedImage white(int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    return image;
  }

  private static BufferedImage framed(byte[] frame, int width, int height) throws Exception {
    BufferedImage picture = white(width, height);
    Overlay.read(frame).over(picture);
    return picture;
  }

  @Test
  void aFrameOfTheSameShapeIsScaledToThePicture() throws Exception {
    BufferedImage picture = framed(frame(300, 200), 600, 400);
    assertEquals(RED, picture.getRGB(10, 200));
    assertEquals(RED, picture.getRGB(35, 200));
    assertEquals(WHITE, picture.getRGB(45, 200));
    assertEquals(WHITE, picture.getRGB(300, 200));
    assertEquals(RED, picture.getRGB(599, 399));
  }

  @Test
  void itsEdgesKeepTheirWidthOnAPictureOfTheOtherOrientation() throws Exception {
    BufferedImage picture = framed(frame(300, 200), 300, 600);
    assertEquals(RED, picture.getRGB(18, 300), "left");
    assertEquals(WHITE, picture.getRGB(23, 300));
    assertEquals(RED, picture.getRGB(150, 18), "top");
    assertEquals(WHITE, picture.getRGB(150, 23));
    assertEquals(RED, picture.getRGB(150, 582), "bottom");
  }

  @Test
  void aLargeFrameCoversASmallPicture() throws Exception {
    BufferedImage picture = framed(frame(3_000, 2_000), 60, 40);
    assertEquals(RED, picture.getRGB(1, 20));
    assertEquals(WHITE, picture.getRGB(30, 20));
    BufferedImage one = framed(frame(300, 200), 1, 1);
    assertEquals(1, one.getWidth());
  }

  @Test
  void itIsWrittenWithItsTransparencyAndWithoutMetadata() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Overlay.read(frame(30, 20)).write(out);
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
    assertEquals(RED, read.getRGB(0, 0));
    assertEquals(0, read.getRGB(15, 10) >>> 24);
  }

  @Test
  void onlyAPictureThatHidesEverythingIsOpaque() throws Exception {
    assertTrue(Overlay.read(frame(30, 20)).isTransparent());
    assertFalse(Overlay.read(TestImages.encode(white(30, 20), "png")).isTransparent());
  }

  @Test
  void otherFormatsDamageAndTooManyPixelsAreRefused() throws IOException {
    assertRefused(ImageRefusedException.Reason.UNSUPPORTED, TestImages.jpeg(30, 20));
    assertRefused(ImageRefusedException.Reason.UNSUPPORTED, new byte[0]);
    byte[] whole = frame(300, 200);
    assertRefused(
        ImageRefusedException.Reason.DAMAGED, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertRefused(ImageRefusedException.Reason.TOO_MANY_PIXELS, frame(4_096, 2_161));
  }

  private static void assertRefused(ImageRefusedException.Reason reason, byte[] file) {
    ImageRefusedException refusal =
        assertThrows(ImageRefusedException.class, () -> Overlay.read(file));
    assertEquals(reason, refusal.reason());
  }
}
