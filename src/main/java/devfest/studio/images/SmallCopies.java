package devfest.studio.images;

import java.awt.image.BufferedImage;
import java.util.Optional;

/**
 * Smaller copies of a picture.
 *
 * @param medium for a whole screen; its longest side is {@value #MEDIUM_PIXELS}. Empty if the
 *     picture itself is not larger
 * @param thumbnail for a tile or a list
 */
public record SmallCopies(Optional<BufferedImage> medium, BufferedImage thumbnail) {

  /** The longest side of the medium copy in pixels. */
  public static final int MEDIUM_PIXELS = 1440;

  /**
   * Reduces the thumbnail from the medium copy, which is faster and not visibly different.
   *
   * @param thumbnailPixels the longest side of the thumbnail in pixels
   */
  public static SmallCopies of(BufferedImage image, int thumbnailPixels) {
    Optional<BufferedImage> medium =
        Math.max(image.getWidth(), image.getHeight()) > MEDIUM_PIXELS
            ? Optional.of(new Thumbnailer(MEDIUM_PIXELS).thumbnail(image))
            : Optional.empty();
    return new SmallCopies(
        medium, new Thumbnailer(thumbnailPixels).thumbnail(medium.orElse(image)));
  }

  /** Returns the bytes of the heap that the medium copy of a picture takes. */
  public static long mediumBytes(Need need) {
    Size whole = new Size((int) need.width(), (int) need.height());
    Size medium = whole.within(MEDIUM_PIXELS);
    return medium.equals(whole) ? 0 : 3L * medium.width() * medium.height();
  }
}
