package devfest.studio.images;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;

/**
 * Decodes an uploaded file, or refuses it.
 *
 * <p>The file is not trusted. Its magic bytes determine the format, its structure and size are
 * checked before a codec runs, and the codec receives a copy with only the data that the pixels
 * need: no EXIF, comments, compressed text or further frames. The entire file is in memory, so the
 * caller must limit its length. Thread-safe.
 */
public final class Decoder {
  private final PixelLimit limit;

  /**
   * @param maxPixels the maximum number of pixels, width times height
   */
  public Decoder(long maxPixels) {
    limit = new PixelLimit(maxPixels);
  }

  /**
   * Decodes a picture to opaque sRGB of {@code TYPE_3BYTE_BGR} in the colours that browsers show.
   * Applies the EXIF orientation, composites transparency on white, and takes the first frame of an
   * animation.
   *
   * @throws ImageRefusedException if the content is not an accepted picture
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
      // The bytes are in memory, so the content is the cause of any exception of a codec.
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
