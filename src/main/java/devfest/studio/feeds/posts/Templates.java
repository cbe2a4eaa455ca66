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
 * The words of drafts: {@code release.title}, {@code release.body} and so on, with facts in braces
 * by their path. A fact that the payload does not have is left out, and with it the words around it
 * that stand in double brackets: {@code [[, with thanks to {sender.login}]]}.
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
   * @param source a language of the built-in ones, or a properties file in UTF-8
   */
  Templates(String source) {
    this.source = source;
  }

  /**
   * @throws BrokenTemplate when there is no such template, or it gives an empty text
   */
  String fill(String name, Map<String, String> facts) {
    String template = templates().getProperty(name);
    if (template == null) {
      throw new BrokenTemplate("The template " + name + " is missing");
    }
    String words =
        OPTIONAL
            .matcher(template)
            .replaceAll(part -> Matcher.quoteReplacement(wordsOf(part.group(1), facts)));
    String filled =
        FACT.matcher(words)
            .replaceAll(fact -> Matcher.quoteReplacement(facts.getOrDefault(fact.group(1), "")));
    String text = GAP.matcher(filled).replaceAll("\n\n").strip();
    if (text.isEmpty()) {
      throw new BrokenTemplate("The template " + name + " gives no text");
    }
    return text;
  }

  /** The words, or none of them where one of their facts is missing. */
  private static String wordsOf(String words, Map<String, String> facts) {
    boolean known =
        FACT.matcher(words)
            .results()
            .noneMatch(fact -> facts.getOrDefault(fact.group(1), "").isBlank());
    return known ? words : "";
  }

  private synchronized Properties templates() {
    if (templates == null) {
      Properties read = new Properties();
      try (Reader reader = open()) {
        read.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new BrokenTemplate("studio.posts.templates can't be read", e);
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
