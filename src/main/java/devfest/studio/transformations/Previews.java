package devfest.studio.transformations;

import devfest.studio.images.Jpeg;
import devfest.studio.images.Progress;
import devfest.studio.images.Style;
import devfest.studio.images.Styles;
import jakarta.enterprise.context.ApplicationScoped;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Previews of the styles: the sample image in each style as JPEG, rendered on first use and cached.
 * Safe for use from many threads.
 */
@ApplicationScoped
public class Previews {

  /** JPEG quality; previews are small, so artefacts are hardly visible. */
  private static final float QUALITY = 0.85f;

  private final Map<String, byte[]> cache = new ConcurrentHashMap<>();

  byte[] of(Style style) throws IOException {
    byte[] cached = cache.get(style.id());
    return cached == null ? render(style) : cached;
  }

  /** One at a time: the sample is small, and many callers together would take much memory. */
  private synchronized byte[] render(Style style) throws IOException {
    byte[] cached = cache.get(style.id());
    if (cached != null) {
      return cached;
    }
    BufferedImage sample = Styles.builtIn().sample();
    style.applyTo(sample, Progress.NONE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Jpeg.write(sample, bytes, QUALITY);
    cache.put(style.id(), bytes.toByteArray());
    return bytes.toByteArray();
  }
}
