package devfest.studio.images;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** A PNG picture with transparency that is laid over others. Immutable; thread-safe. */
public final class Overlay {

  /** As many pixels as a screen of 4096 × 2160. */
  public static final long MAX_PIXELS = 4_096 * 2_160;

  private static final PixelLimit LIMIT = new PixelLimit(MAX_PIXELS);

  private final BufferedImage image;

  private Overlay(BufferedImage image) {
    this.image = image;
  }

  /**
   * Decodes a PNG file. Colours count as sRGB.
   *
   * @throws ImageRefusedException if the content is no PNG, is damaged or has more than {@link
   *     #MAX_PIXELS}
   */
  public static Overlay read(byte[] data) throws ImageRefusedException {
    byte[] head = Arrays.copyOf(data, Math.min(data.length, ImageFormat.HEAD_LENGTH));
    if (ImageFormat.of(head).filter(format -> format == ImageFormat.PNG).isEmpty()) {
      throw ImageRefusedException.unsupported("This file is not a PNG picture.");
    }
    try {
      Header header = Header.of(ImageFormat.PNG, new ByteArrayInputStream(data));
      LIMIT.check(header.width(), header.height());
      BufferedImage decoded = Codec.read("png", new MemoryInput(data, data.length), null);
      LIMIT.check(decoded.getWidth(), decoded.getHeight());
      return new Overlay(
          draw(decoded, decoded.getWidth(), decoded.getHeight(), BufferedImage.TYPE_4BYTE_ABGR));
    } catch (IOException | RuntimeException e) {
      throw ImageRefusedException.damaged("its content cannot be decoded", e);
    }
  }

  private static BufferedImage draw(BufferedImage source, int width, int height, int type) {
    BufferedImage target = new BufferedImage(width, height, type);
    Graphics2D graphics = graphics(target);
    graphics.drawImage(source, 0, 0, width, height, null);
    graphics.dispose();
    return target;
  }

  private static Graphics2D graphics(BufferedImage target) {
    Graphics2D graphics = target.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    return graphics;
  }

  /** Whether something of a picture below it can be seen. */
  public boolean isTransparent() {
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        if (image.getRGB(x, y) >>> 24 < 255) {
          return true;
        }
      }
    }
    return false;
  }

  /** Writes the pixels as a PNG file without metadata. */
  public void write(OutputStream target) throws IOException {
    ImageWriter writer = Codec.writer("png");
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(target)) {
      writer.setOutput(out);
      writer.write(image);
    } finally {
      writer.dispose();
    }
  }

  /**
   * Lays this over a whole picture, in place. Of another aspect ratio, the corners keep theirs, and
   * the middle thirds of the sides are stretched, as {@code border-image} does in CSS.
   */
  public void over(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    BufferedImage source = image;
    while (scale(source, width, height) <= 0.5) { // bilinear reads four pixels at most
      source =
          draw(
              source,
              Math.max(1, source.getWidth() / 2),
              Math.max(1, source.getHeight() / 2),
              source.getType());
    }
    double scale = scale(source, width, height);
    int[] fromX = cuts(source.getWidth(), source.getWidth() / 3);
    int[] fromY = cuts(source.getHeight(), source.getHeight() / 3);
    int[] toX = cuts(width, (int) Math.round(fromX[1] * scale));
    int[] toY = cuts(height, (int) Math.round(fromY[1] * scale));
    Graphics2D graphics = graphics(picture);
    for (int y = 0; y < 3; y++) {
      for (int x = 0; x < 3; x++) {
        graphics.drawImage(
            source,
            toX[x],
            toY[y],
            toX[x + 1],
            toY[y + 1],
            fromX[x],
            fromY[y],
            fromX[x + 1],
            fromY[y + 1],
            null);
      }
    }
    graphics.dispose();
  }

  private static double scale(BufferedImage source, int width, int height) {
    return Math.min(width / (double) source.getWidth(), height / (double) source.getHeight());
  }

  private static int[] cuts(int length, int corner) {
    return new int[] {0, corner, length - corner, length};
  }
}
