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
  private static final long SAMPLE_PIXELS = 480 * 320;

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

  /**
   * A catalogue out of the lines of a properties file.
   *
   * @throws IllegalStateException when a line is missing, is one too many or has a mistake
   */
  public static Styles of(Properties lines) {
    return new Styles(StyleFile.parse(lines));
  }

  /** In the order of the catalogue. */
  public List<Style> all() {
    return all;
  }

  /** Empty when there is no such style. */
  public Optional<Style> find(String id) {
    return all.stream().filter(style -> style.id().equals(id)).findFirst();
  }

  /** A new picture, 480 × 320, to show styles on: the same each time. */
  public BufferedImage sample() {
    try (InputStream in = Styles.class.getResourceAsStream("sample.jpg")) {
      return new Decoder(SAMPLE_PIXELS).decode(in.readAllBytes());
    } catch (IOException | ImageRefusedException e) {
      throw new IllegalStateException("The sample picture can't be read", e);
    }
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
      return of(lines);
    }
  }
}
