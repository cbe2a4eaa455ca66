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
 * What is read of a delivery's payload: the few facts that a post may tell, by their path. It is
 * read as a stream, so the 25 MB that GitHub may send are never objects in memory.
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
  private static final int MAX_FACT = 600;
  private static final int LOOKED_AT = 4 * MAX_FACT;
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\n]]+");
  private static final JsonProvider JSON = JsonProvider.provider();

  private final Map<String, String> facts = new LinkedHashMap<>();

  private Payload() {}

  /**
   * @param form whether the body is a form whose field {@code payload} holds the JSON
   * @throws Problem 400 when there is no JSON object
   */
  static Map<String, String> read(byte[] body, boolean form) {
    Payload payload = new Payload();
    InputStream json = new ByteArrayInputStream(form ? field(body) : body);
    try (JsonParser parser = JSON.createParser(json)) {
      if (!parser.hasNext() || parser.next() != Event.START_OBJECT) {
        throw Problem.badRequest("The payload is a JSON object");
      }
      payload.object(parser, "");
      if (parser.hasNext()) {
        throw Problem.badRequest("The payload is one JSON object");
      }
    } catch (Problem e) {
      throw e;
    } catch (RuntimeException e) {
      // Not the exceptions of JSON-P alone: what is nested too deeply ends in others.
      throw Problem.badRequest("The payload is not JSON", e);
    }
    return payload.facts;
  }

  private static byte[] field(byte[] form) {
    String text = new String(form, StandardCharsets.US_ASCII);
    int begin = text.startsWith(FIELD) ? 0 : text.indexOf('&' + FIELD) + 1;
    if (begin == 0 && !text.startsWith(FIELD)) {
      throw Problem.badRequest("The form has a field 'payload'");
    }
    int end = text.indexOf('&', begin);
    String value = text.substring(begin + FIELD.length(), end < 0 ? text.length() : end);
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("The form is not encoded as a form", e);
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
        case VALUE_STRING, VALUE_NUMBER -> keep(path, parser::getString);
        case VALUE_TRUE -> keep(path, () -> "true");
        case VALUE_FALSE -> keep(path, () -> "false");
        default -> {
          // null, or not inside an object
        }
      }
    }
  }

  private void keep(String path, Supplier<String> value) {
    if (FACTS.contains(path)) {
      String begin = Text.lines(Text.clip(value.get(), LOOKED_AT));
      facts.put(path, Text.clip(CONTROL.matcher(begin).replaceAll(" "), MAX_FACT));
    }
  }

  /** How many values the array has. */
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

  /** To the end of the value that has just begun, by a loop: depth costs no stack. */
  private static void skip(JsonParser parser) {
    for (int depth = 1; depth > 0; ) {
      switch (parser.next()) {
        case START_OBJECT, START_ARRAY -> depth++;
        case END_OBJECT, END_ARRAY -> depth--;
        default -> {
          // of no interest
        }
      }
    }
  }
}
