package devfest.studio.share;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTML file in which {@code {{name}}} stands for a text or an attribute's value. Immutable. */
final class Template {

  private static final Pattern NAME = Pattern.compile("\\{\\{([a-zA-Z.]+)}}");

  /** A part between two comments of HTML, which is left out if it has no value. */
  private static final Pattern OPTIONAL =
      Pattern.compile(" *<!--([a-zA-Z.]+)-->\\R(.*?) *<!--/\\1-->\\R", Pattern.DOTALL);

  private final String text;

  private Template(String text) {
    this.text = text;
  }

  /** Reads a resource of this package. */
  static Template read(String resource) {
    try (InputStream in = Template.class.getResourceAsStream(resource)) {
      return new Template(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + resource, e);
    }
  }

  /**
   * Returns the page with these values, escaped.
   *
   * @throws IllegalArgumentException if a value is missing outside of an optional part
   */
  String fill(Map<String, String> values) {
    String present =
        OPTIONAL
            .matcher(text)
            .replaceAll(
                part ->
                    values.containsKey(part.group(1))
                        ? Matcher.quoteReplacement(part.group(2))
                        : "");
    return NAME.matcher(present)
        .replaceAll(name -> Matcher.quoteReplacement(value(values, name.group(1))));
  }

  private static String value(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("There is no value for " + name);
    }
    return value
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
