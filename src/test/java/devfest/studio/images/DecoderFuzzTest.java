package devfest.studio.images;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * Any file is decoded to a picture of the size that its header declares, or refused, and takes no
 * more memory than announced.
 */
class DecoderFuzzTest {

  private static final Decoder DECODER = new Decoder(100_000);

  @FuzzTest(maxDuration = "10m")
  void jpeg(byte[] file) throws IOException {
    decode(file);
  }

  @FuzzTest(maxDuration = "10m")
  void png(byte[] file) throws IOException {
    decode(file);
  }

  @FuzzTest(maxDuration = "10m")
  void gif(byte[] file) throws IOException {
    decode(file);
  }

  @FuzzTest(maxDuration = "10m")
  void webp(byte[] file) throws IOException {
    decode(file);
  }

  private static void decode(byte[] file) throws IOException {
    Need need;
    BufferedImage image;
    try {
      need = DECODER.need(new ByteArrayInputStream(file), file.length);
      image = DECODER.decode(file);
    } catch (ImageRefusedException e) {
      return;
    }
    if ((long) image.getWidth() * image.getHeight() > need.width() * need.height()) {
      throw new AssertionError("The picture is larger than its header declares");
    }
    if (Bgr.pixels(image).length != 3 * image.getWidth() * image.getHeight()) {
      throw new AssertionError("The picture has another layout");
    }
  }
}
