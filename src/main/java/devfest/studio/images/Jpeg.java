package devfest.studio.images;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Encodes pictures as baseline JPEG, 4:2:0, without any metadata. Thread-safe. */
public final class Jpeg {
  private Jpeg() {}

  /**
   * Writes the picture and leaves the target open. Transparency is composited on white.
   *
   * @param quality from 0 to 1; 0.85 is good for photos
   * @throws IOException if writing to the target fails; it may then contain a part of the picture
   */
  public static void write(BufferedImage image, OutputStream target, float quality)
      throws IOException {
    ImageWriter writer = Codec.writer("jpeg");
    try (ImageOutputStream out = new DirectOutput(target)) {
      ImageWriteParam param = writer.getDefaultWriteParam();
      param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      param.setCompressionQuality(quality);
      writer.setOutput(out);
      writer.write(null, new IIOImage(Bgr.of(image), null, null), param);
    } finally {
      writer.dispose();
    }
  }
}
