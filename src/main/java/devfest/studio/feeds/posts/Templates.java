package devfest.studio.feeds.posts;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Templates for drafts, such as {@code release.title} and {@code release.body}. A placeholder in
 * braces is the path of a fact. A missing fact is replaced by nothing. A section in double brackets
 * is omitted if one of its facts is missing: {@code [[, with thanks to {sender.login}]]}. Safe for
 * use from many threads.
 */
@ApplicationScoped
class Templates {

  private static final Pattern FACT = Pattern.compile("\\{([A-Za-z_.]+)\\}");
  private static final Pattern OPTIONAL = Pattern.compile("\\[\\[(.*?)\\]\\]", Pattern.DOTALL);
  private static final Pattern GAP = Pattern.compile("\n{3,}");

  private final String source;

  @GuardedBy("this")
  private @Nullable Properties templates;

  @Inject
  Templates(PostsSettings settings) {
    this(settings.templates());
  }

  /**
   * @param source a built-in language or the path of a properties file in UTF-8
   */
  Templates(String source) {
    this.source = source;
  }

  /**
   * Fills a template.
   *
   * @param name key of the template
   * @param facts values by path
   * @throws BrokenTemplate if the template does not exist, cannot be read or produces no text
   */
  String fill(String name, Map<String, String> facts) {
    String template = templates().getProperty(name);
    if (template == null) {
      throw new BrokenTemplate("The template %s does not exist.".formatted(name));
    }
    String words =
        OPTIONAL
            .matcher(template)
            .replaceAll(part -> Matcher.quoteReplacement(section(part.group(1), facts)));
    String filled =
        FACT.matcher(words)
            .replaceAll(fact -> Matcher.quoteReplacement(facts.getOrDefault(fact.group(1), "")));
    String text = GAP.matcher(filled).replaceAll("\n\n").strip();
    if (text.isEmpty()) {
      throw new BrokenTemplate("The template %s produces no text.".formatted(name));
    }
    return text;
  }

  /** Returns the section, or an empty text if one of its facts is missing. */
  private static String section(String section, Map<String, String> facts) {
    boolean complete =
        FACT.matcher(section)
            .results()
            .noneMatch(fact -> facts.getOrDefault(fact.group(1), "").isBlank());
    return complete ? section : "";
  }

  private synchronized Properties templates() {
    if (templates == null) {
      Properties read = new Properties();
      try (Reader reader = open()) {
        read.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new BrokenTemplate("The file in studio.posts.templates cannot be read.", e);
      }
      templates = read;
    }
    return templates;
  }

  private Reader open() throws IOException {
    return PostsSettings.BUILT_IN.contains(source)
        ? new InputStreamReader(
            Objects.requireNonNull(
                Templates.class.getResourceAsStream("templates_" + source + ".properties")),
            StandardCharsets.UTF_8)
        : Files.newBufferedReader(Path.of(source));
  }
}
