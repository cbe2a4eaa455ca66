package devfest.studio.transformations;

import devfest.studio.images.Jpeg;
import devfest.studio.images.Progress;
import devfest.studio.images.Style;
import devfest.studio.images.Styles;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Each style on the sample picture as JPEG, made when first asked for. */
@ApplicationScoped
public class Previews {

  private static final float QUALITY = 0.85f;

  private final Map<String, byte[]> made = new ConcurrentHashMap<>();

  byte[] of(Style style) throws IOException {
    byte[] known = made.get(style.id());
    if (known != null) {
      return known;
    }
    Path file = Files.createTempFile("preview", ".jpg");
    try {
      Jpeg.write(style.apply(Styles.builtIn().sample(), Progress.NONE), file, QUALITY);
      byte[] bytes = Files.readAllBytes(file);
      made.put(style.id(), bytes);
      return bytes;
    } finally {
      Files.delete(file);
    }
  }
}
