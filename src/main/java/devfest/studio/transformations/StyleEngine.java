package devfest.studio.transformations;

import devfest.studio.images.Style;
import java.awt.image.BufferedImage;

/**
 * Makes pictures in styles; a style names its engine. A CDI bean of this type is found by {@link
 * Engines}. Safe for use from many threads.
 */
public interface StyleEngine {

  /** As styles name it. */
  String name();

  /**
   * A new picture of the photo in the style; the photo stays as it is. A stop interrupts the
   * thread; an engine that waits where an interrupt does not reach it names what to close by {@link
   * Making#closing}.
   *
   * @param making takes the progress of this step, 0 to 1, and throws when the engine is to stop
   * @throws Exception when the picture can't be made
   */
  BufferedImage apply(Style style, BufferedImage photo, Making making) throws Exception;
}
