package devfest.studio.images;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;

/**
 * Turns an uploaded file into pixels, or refuses it.
 *
 * <p>The file comes from a stranger. Its kind is told by its magic bytes, its structure and its
 * size are checked before a codec runs, and the codec is given a copy that holds nothing but what
 * the pixels need: no EXIF, no comments, no compressed text, no second frame. The whole file is
 * held in memory, so the caller limits its length. Stateless and safe for many threads.
 */
public final class Decoder {
  private final PixelLimit limit;

  /**
   * @param maxPixels the most pixels, width times height, that are decoded
   */
  public Decoder(long maxPixels) {
    limit = new PixelLimit(maxPixels);
  }

  /**
   * Decodes the picture upright (EXIF orientation applied) as opaque sRGB of {@code
   * TYPE_3BYTE_BGR}, in the colours that browsers show. Transparency is laid on white; of an
   * animated picture the first frame is taken.
   *
   * @throws ImageRefusedException when the content is not an acceptable picture
   */
  public BufferedImage decode(byte[] data) throws ImageRefusedException {
    ImageFormat format = recognise(data);
    try {
      return switch (format) {
        case JPEG -> JpegFile.inspect(data, limit).decode();
        case PNG -> PngFile.inspect(data, limit).decode();
        case GIF -> GifFile.inspect(data, limit).decode();
        case WEBP -> WebpFile.inspect(data, limit).decode();
      };
    } catch (IOException | RuntimeException e) {
      // The bytes are in memory: whatever a codec throws now is the content's fault.
      throw ImageRefusedException.damaged("its content can't be decoded", e);
    }
  }

  private static ImageFormat recognise(byte[] data) throws ImageRefusedException {
    byte[] head = Arrays.copyOf(data, Math.min(data.length, ImageFormat.HEAD_LENGTH));
    if (ImageFormat.isHeif(head)) {
      throw ImageRefusedException.heif();
    }
    return ImageFormat.of(head)
        .orElseThrow(
            () ->
                ImageRefusedException.unsupported(
                    "This file is not a JPEG, PNG, GIF or WebP picture."));
  }
}
