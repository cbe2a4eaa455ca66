package devfest.studio.images;

import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
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
  /** Bytes of the buffers for rows, per pixel of a row. */
  private static final int ROW_BYTES = 192;

  /** Bytes of the tables for colour conversion and of the codecs. */
  private static final long TABLES = 4 * 1024 * 1024;

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
      Header header = header(format, new ByteArrayInputStream(data));
      PixelLimit most = limit.declared(header.pixels());
      return switch (format) {
        case JPEG -> JpegFile.inspect(data, most).decode();
        case PNG -> PngFile.inspect(data, most).decode();
        case GIF -> GifFile.inspect(data, most).decode();
        case WEBP -> WebpFile.inspect(data, most).decode();
      };
    } catch (IOException | RuntimeException e) {
      // The bytes are in memory, so the content is the cause of any exception of a codec.
      throw ImageRefusedException.damaged("its content cannot be decoded", e);
    }
  }

  /**
   * Returns the memory that decoding a file takes at most. Reads only the beginning of the file.
   *
   * @param file the file from its beginning; it is not closed here
   * @param length size of the file in bytes
   * @throws ImageRefusedException if the beginning shows that the content is not accepted
   * @throws IOException if reading fails
   */
  public Need need(InputStream file, long length) throws IOException, ImageRefusedException {
    BufferedInputStream in = new BufferedInputStream(file);
    in.mark(ImageFormat.HEAD_LENGTH);
    ImageFormat format = recognise(in.readNBytes(ImageFormat.HEAD_LENGTH));
    in.reset();
    Header header = header(format, in);
    long heap =
        header.pixels() * header.heap()
            + header.copies() * length
            + header.width() * ROW_BYTES
            + TABLES;
    return new Need(header.width(), header.height(), heap, header.pixels() * header.other());
  }

  private Header header(ImageFormat format, InputStream file)
      throws IOException, ImageRefusedException {
    Header header = Header.of(format, file);
    limit.check(header.width(), header.height());
    return header;
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
