package devfest.studio.images;

import devfest.studio.images.Style.Texts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** Parses styles from a properties file. An unknown property is an error. */
final class StyleFile {
  private static final Set<String> CATEGORIES =
      Set.of("professional", "artistic", "tech", "creative", "thematic");

  private final Properties lines;
  private final Set<String> unread;

  private StyleFile(Properties lines) {
    this.lines = lines;
    this.unread = new HashSet<>(lines.stringPropertyNames());
  }

  /**
   * @throws IllegalStateException if a property is missing, unknown or invalid
   */
  static List<Style> parse(Properties lines) {
    StyleFile file = new StyleFile(lines);
    List<Style> styles = new ArrayList<>();
    for (String id : file.line("styles").split("\\s*,\\s*", -1)) {
      styles.add(file.style(id));
    }
    if (!file.unread.isEmpty()) {
      throw new IllegalStateException("The style file has unknown properties: " + file.unread);
    }
    return styles;
  }

  private Style style(String id) {
    String category = line(id + ".category");
    if (!CATEGORIES.contains(category)) {
      throw new IllegalStateException("Style " + id + " has an unknown category: " + category);
    }
    String engine = lines.containsKey(id + ".engine") ? line(id + ".engine") : Style.LOCAL;
    try {
      List<Operation> operations =
          engine.equals(Style.LOCAL) ? Operations.parse(line(id + ".operations")) : List.of();
      Map<String, Texts> texts = Map.of("en", texts(id, "en"), "fr", texts(id, "fr"));
      return new Style(id, category, engine, texts, operations);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException("Style " + id + " is invalid: " + e.getMessage(), e);
    }
  }

  private Texts texts(String id, String language) {
    return new Texts(line(id + ".name." + language), line(id + ".description." + language));
  }

  private String line(String key) {
    String value = lines.getProperty(key, "").strip();
    if (value.isEmpty() || !unread.remove(key)) {
      throw new IllegalStateException("The style file must have exactly one property " + key);
    }
    return value;
  }
}
