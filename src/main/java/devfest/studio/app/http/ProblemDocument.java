package devfest.studio.app.http;

import jakarta.json.JsonObject;
import jakarta.json.spi.JsonProvider;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A failure on the wire: RFC 9457, with the members that older clients expect. */
public final class ProblemDocument {

  public static final String TYPE = "application/problem+json";

  private static final JsonProvider JSON = JsonProvider.provider();
  private static final Map<Integer, String> TITLES =
      Map.ofEntries(
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(406, "Not Acceptable"),
          Map.entry(409, "Conflict"),
          Map.entry(413, "Content Too Large"),
          Map.entry(414, "URI Too Long"),
          Map.entry(415, "Unsupported Media Type"),
          Map.entry(416, "Range Not Satisfiable"),
          Map.entry(426, "Upgrade Required"),
          Map.entry(422, "Unprocessable Content"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(501, "Not Implemented"),
          Map.entry(503, "Service Unavailable"),
          Map.entry(505, "HTTP Version Not Supported"),
          Map.entry(507, "Insufficient Storage"));

  private ProblemDocument() {}

  public static String title(int status) {
    return TITLES.getOrDefault(status, status < 500 ? "Bad Request" : "Internal Server Error");
  }

  /** The code of a failure that has none of its own. */
  public static String code(String title) {
    return title.toLowerCase(Locale.ROOT).replace(' ', '_');
  }

  /**
   * @param code a stable word; null derives it from the title
   * @param detail a sentence; null repeats the title
   * @param instance the path of the request
   */
  public static JsonObject of(
      int status, @Nullable String code, @Nullable String detail, String instance) {
    String title = title(status);
    String message = detail == null || detail.isBlank() ? title : detail;
    String word = code == null ? code(title) : code;
    return JSON.createObjectBuilder()
        .add("type", "about:blank")
        .add("title", title)
        .add("status", status)
        .add("detail", message)
        .add("instance", instance)
        .add("success", false)
        .add("error", JSON.createObjectBuilder().add("code", word).add("message", message))
        .build();
  }
}
