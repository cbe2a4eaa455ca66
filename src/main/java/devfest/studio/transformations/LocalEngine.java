package devfest.studio.transformations;

import devfest.studio.images.Style;
import jakarta.enterprise.context.ApplicationScoped;
import java.awt.image.BufferedImage;

/** Applies the operations of a style in this process. */
@ApplicationScoped
class LocalEngine implements StyleEngine {

  @Override
  public String name() {
    return Style.LOCAL;
  }

  @Override
  public BufferedImage apply(Style style, BufferedImage photo, Rendering rendering) {
    style.applyTo(photo, rendering);
    return photo;
  }
}
