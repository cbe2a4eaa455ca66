package devfest.studio.images;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** The one encoder: baseline JPEG, 4:2:0, no metadata of any kind. Stateless, for many threads. */
public final class Jpeg {
  private Jpeg() {}

  /**
   * Writes the picture, and leaves the target open. Transparency is laid on white.
   *
   * @param quality 0 to 1; 0.85 is a good photo
   * @throws IOException when the target can't be written; part of the picture may be in it then
   */
  public static void write(BufferedImage image, OutputStream target, float quality)
      throws IOException {
    ImageWriter writer = Codec.writer("jpeg");
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(target)) {
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
