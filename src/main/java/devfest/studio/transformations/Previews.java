package devfest.studio.transformations;

import devfest.studio.images.Jpeg;
import devfest.studio.images.Progress;
import devfest.studio.images.Style;
import devfest.studio.images.Styles;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Jpeg.write(style.apply(Styles.builtIn().sample(), Progress.NONE), bytes, QUALITY);
    made.put(style.id(), bytes.toByteArray());
    return bytes.toByteArray();
  }
}
