package devfest.studio.transformations;

import devfest.studio.images.Style;
import java.awt.image.BufferedImage;

/**
 * Renders photos in styles. Each style names its engine, and {@link Engines} finds every CDI bean
 * of this type. Implementations are safe for use from many threads.
 */
public interface StyleEngine {

  /** The name by which styles refer to this engine. */
  String name();

  /**
   * Renders the photo in the style. The result is a new image or the changed photo, which nobody
   * else uses. A stop interrupts the thread. An engine that blocks in code that does not react to
   * an interrupt passes the resource to close to {@link Rendering#closeOnStop}.
   *
   * @param rendering receives the progress of this step, 0 to 1, and throws when the engine has to
   *     stop
   * @throws Exception if rendering fails
   */
  BufferedImage apply(Style style, BufferedImage photo, Rendering rendering) throws Exception;
}
