package devfest.studio.images;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** The catalogue of styles. Immutable, for many threads. */
public final class Styles {
  private final List<Style> all;

  private Styles(List<Style> all) {
    this.all = List.copyOf(all);
  }

  /**
   * The styles that come with the program, read once.
   *
   * @throws IllegalStateException when the resource file has a mistake
   */
  public static Styles builtIn() {
    return BuiltIn.STYLES;
  }

  /** In the order of the catalogue. */
  public List<Style> all() {
    return all;
  }

  /** Empty when there is no such style. */
  public Optional<Style> find(String id) {
    return all.stream().filter(style -> style.id().equals(id)).findFirst();
  }

  /** A new picture, 480 × 320, to show styles on: drawn by code, the same each time. */
  public BufferedImage sample() {
    return SamplePhoto.draw();
  }

  private static final class BuiltIn {
    private static final Styles STYLES = read("styles.properties");

    private static Styles read(String resource) {
      Properties lines = new Properties();
      try (InputStream in = Styles.class.getResourceAsStream(resource)) {
        lines.load(new InputStreamReader(in, StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException("Can't read " + resource, e);
      }
      return new Styles(StyleFile.parse(lines));
    }
  }
}
