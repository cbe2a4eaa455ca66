package devfest.studio.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SmallCopiesTest {

  @Test
  void onlyALargePictureHasAMediumCopy() {
    SmallCopies large = SmallCopies.of(Bgr.white(2000, 3000), 720);
    assertEquals(960, large.medium().orElseThrow().getWidth());
    assertEquals(1440, large.medium().orElseThrow().getHeight());
    assertEquals(720, large.thumbnail().getHeight());
    SmallCopies small = SmallCopies.of(Bgr.white(1440, 900), 720);
    assertEquals(Optional.empty(), small.medium());
    assertEquals(720, small.thumbnail().getWidth());
  }

  @Test
  void aThumbnailOfTheMediumCopyLooksLikeOneOfTheWholePicture() {
    BufferedImage image = Bgr.create(3000, 2000);
    byte[] pixels = Bgr.pixels(image);
    for (int i = 0; i < pixels.length; i++) {
      int x = i / 3 % 3000;
      int y = i / 3 / 3000;
      pixels[i] = (byte) ((x / 7 + y / 5) % 2 == 0 ? x * 255 / 3000 : 255 - y * 255 / 2000);
    }
    byte[] direct = Bgr.pixels(new Thumbnailer(300).thumbnail(image));
    byte[] stepwise = Bgr.pixels(SmallCopies.of(image, 300).thumbnail());
    assertEquals(direct.length, stepwise.length);
    double sum = 0;
    for (int i = 0; i < direct.length; i++) {
      sum += Math.abs((direct[i] & 0xFF) - (stepwise[i] & 0xFF));
    }
    double mean = sum / direct.length;
    assertTrue(mean < 3, "mean difference of a channel: " + mean);
  }

  @Test
  void theMemoryIsThatOfTheMediumCopy() {
    assertEquals(3 * 1440 * 1080, SmallCopies.mediumBytes(new Need(4000, 3000, 1, 1)));
    assertEquals(0, SmallCopies.mediumBytes(new Need(1440, 1080, 1, 1)));
  }
}
