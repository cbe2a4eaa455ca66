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

/** The catalogue of styles. Immutable. */
public final class Styles {
  /** The size of the sample picture. */
  private static final long SAMPLE_PIXELS = 480 * 320;

  private final List<Style> all;

  private Styles(List<Style> all) {
    this.all = List.copyOf(all);
  }

  /**
   * Returns the built-in styles, which are read once.
   *
   * @throws IllegalStateException if the resource file is invalid
   */
  public static Styles builtIn() {
    return BuiltIn.STYLES;
  }

  /**
   * Creates a catalogue from a properties file.
   *
   * @throws IllegalStateException if a property is missing, unknown or invalid
   */
  public static Styles of(Properties lines) {
    return new Styles(StyleFile.parse(lines));
  }

  /** Returns the styles in the order of the catalogue. */
  public List<Style> all() {
    return all;
  }

  /** Returns a style; empty if there is no style with this id. */
  public Optional<Style> find(String id) {
    return all.stream().filter(style -> style.id().equals(id)).findFirst();
  }

  /** Returns a new copy of the sample picture for style previews, 480 × 320 pixels. */
  public BufferedImage sample() {
    try (InputStream in = Styles.class.getResourceAsStream("sample.jpg")) {
      return new Decoder(SAMPLE_PIXELS).decode(in.readAllBytes());
    } catch (IOException | ImageRefusedException e) {
      throw new IllegalStateException("The sample picture cannot be read", e);
    }
  }

  private static final class BuiltIn {
    private static final Styles STYLES = read("styles.properties");

    private static Styles read(String resource) {
      Properties lines = new Properties();
      try (InputStream in = Styles.class.getResourceAsStream(resource)) {
        lines.load(new InputStreamReader(in, StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException("Cannot read " + resource, e);
      }
      return of(lines);
    }
  }
}
