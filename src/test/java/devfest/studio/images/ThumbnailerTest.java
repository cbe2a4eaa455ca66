package devfest.studio.images;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThumbnailerTest {
  @ParameterizedTest
  @CsvSource({
    "1200, 800, 300, 200",
    "800, 1200, 200, 300",
    "301, 301, 300, 300",
    "300, 200, 300, 200",
    "20, 10, 20, 10",
    "1, 1, 1, 1",
    "1, 5000, 1, 300",
    "5000, 1, 300, 1",
    "3, 200000, 1, 300"
  })
  void keepsTheAspectRatioAndNeverEnlarges(int width, int height, int thenWidth, int thenHeight) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    BufferedImage thumbnail = new Thumbnailer(300).thumbnail(image);
    assertEquals(thenWidth, thumbnail.getWidth());
    assertEquals(thenHeight, thumbnail.getHeight());
    assertEquals(BufferedImage.TYPE_3BYTE_BGR, thumbnail.getType());
  }

  @Test
  void keepsAnEvenColourExactly() {
    BufferedImage image = new BufferedImage(1237, 911, BufferedImage.TYPE_3BYTE_BGR);
    Arrays.fill(Bgr.pixels(image), (byte) 201);
    byte[] expected = new byte[3 * 300 * 221];
    Arrays.fill(expected, (byte) 201);
    assertArrayEquals(expected, Bgr.pixels(new Thumbnailer(300).thumbnail(image)));
  }

  @Test
  void averagesFinePatternsInsteadOfPickingPixels() {
    BufferedImage image = new BufferedImage(1000, 1000, BufferedImage.TYPE_3BYTE_BGR);
    for (int i = 0; i < 1000 * 1000; i++) {
      image.setRGB(i % 1000, i / 1000, (i + i / 1000) % 2 == 0 ? 0xFFFFFF : 0);
    }
    BufferedImage thumbnail = new Thumbnailer(100).thumbnail(image);
    for (byte value : Bgr.pixels(thumbnail)) {
      assertEquals(128, value & 0xFF, 1);
    }
  }

  @Test
  void returnsANewPicture() {
    BufferedImage small = Pictures.quarters();
    BufferedImage thumbnail = new Thumbnailer(300).thumbnail(small);
    assertNotSame(small, thumbnail);
    assertArrayEquals(Bgr.pixels(small), Bgr.pixels(thumbnail));
  }

  @Test
  void rejectsASideBelowOne() {
    assertThrows(IllegalArgumentException.class, () -> new Thumbnailer(0));
  }
}
