package devfest.studio.feeds.github;

import devfest.studio.base.Text;
import devfest.studio.http.Problem;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Extracts the members of a payload that templates of posts can use, called facts, by their path.
 * The JSON is parsed as a stream, so a payload of up to 25 MB is never a tree of objects in memory.
 * Not thread-safe.
 */
final class Payload {

  static final String REPOSITORY = "repository.full_name";

  private static final Set<String> FACTS =
      Set.of(
          "action",
          "ref",
          "compare",
          "deleted",
          REPOSITORY,
          "repository.html_url",
          "repository.default_branch",
          "repository.private",
          "organization.login",
          "sender.login",
          "head_commit.message",
          "release.tag_name",
          "release.name",
          "release.body",
          "release.html_url",
          "release.draft",
          "release.prerelease",
          "pull_request.number",
          "pull_request.title",
          "pull_request.merged",
          "pull_request.html_url",
          "pull_request.user.login");

  private static final String COMMITS = "commits";
  private static final String FIELD = "payload=";

  /** In characters; enough for the title or the first paragraphs of a release. */
  private static final int MAX_FACT = 600;

  /** Characters that are normalised before clipping, which bounds the work on a long value. */
  private static final int MAX_RAW_FACT = 4 * MAX_FACT;

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\n]]+");
  private static final JsonProvider JSON = JsonProvider.provider();

  private final Map<String, String> facts = new LinkedHashMap<>();

  private Payload() {}

  /**
   * Extracts the facts.
   *
   * @param form whether the body is a form with the JSON in the field {@code payload}
   * @return values by path
   * @throws Problem 400 if the body contains no JSON object
   */
  static Map<String, String> read(byte[] body, boolean form) {
    Payload payload = new Payload();
    InputStream json = new ByteArrayInputStream(form ? field(body) : body);
    try (JsonParser parser = JSON.createParser(json)) {
      if (!parser.hasNext() || parser.next() != Event.START_OBJECT) {
        throw Problem.badRequest("The payload must be a JSON object.");
      }
      payload.object(parser, "");
      if (parser.hasNext()) {
        throw Problem.badRequest("The payload must be a single JSON object.");
      }
    } catch (Problem e) {
      throw e;
    } catch (RuntimeException e) {
      // Not only JSON-P exceptions: deeply nested input causes others.
      throw Problem.badRequest("The payload is not valid JSON.", e);
    }
    return payload.facts;
  }

  private static byte[] field(byte[] form) {
    String text = new String(form, StandardCharsets.US_ASCII);
    int begin = text.startsWith(FIELD) ? 0 : text.indexOf('&' + FIELD) + 1;
    if (begin == 0 && !text.startsWith(FIELD)) {
      throw Problem.badRequest("The form must have a field named 'payload'.");
    }
    int end = text.indexOf('&', begin);
    String value = text.substring(begin + FIELD.length(), end < 0 ? text.length() : end);
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("The form is not URL-encoded.", e);
    }
  }

  private void object(JsonParser parser, String prefix) {
    String path = "";
    while (parser.hasNext()) {
      Event event = parser.next();
      switch (event) {
        case END_OBJECT -> {
          return;
        }
        case KEY_NAME -> path = prefix + parser.getString();
        case START_OBJECT -> {
          String inside = path + ".";
          if (FACTS.stream().anyMatch(fact -> fact.startsWith(inside))) {
            object(parser, inside);
          } else {
            skip(parser);
          }
        }
        case START_ARRAY -> {
          int count = array(parser);
          if (path.equals(COMMITS)) {
            facts.put(COMMITS, Integer.toString(count));
          }
        }
        case VALUE_STRING, VALUE_NUMBER -> addFact(path, parser::getString);
        case VALUE_TRUE -> addFact(path, () -> "true");
        case VALUE_FALSE -> addFact(path, () -> "false");
        default -> {
          // null, or an event outside an object
        }
      }
    }
  }

  private void addFact(String path, Supplier<String> value) {
    if (FACTS.contains(path)) {
      String begin = Text.lines(Text.clip(value.get(), MAX_RAW_FACT));
      facts.put(path, Text.clip(CONTROL.matcher(begin).replaceAll(" "), MAX_FACT));
    }
  }

  /** Skips the array and returns its number of values. */
  private static int array(JsonParser parser) {
    int count = 0;
    while (true) {
      switch (parser.next()) {
        case END_ARRAY -> {
          return count;
        }
        case START_OBJECT, START_ARRAY -> {
          count++;
          skip(parser);
        }
        default -> count++;
      }
    }
  }

  /**
   * Skips the rest of an object or array. Uses a loop, so deep nesting cannot overflow the stack.
   */
  private static void skip(JsonParser parser) {
    for (int depth = 1; depth > 0; ) {
      switch (parser.next()) {
        case START_OBJECT, START_ARRAY -> depth++;
        case END_OBJECT, END_ARRAY -> depth--;
        default -> {
          // other events do not change the depth
        }
      }
    }
  }
}
