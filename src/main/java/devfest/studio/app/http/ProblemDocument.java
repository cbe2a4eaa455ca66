package devfest.studio.app.http;

import devfest.studio.http.Code;
import jakarta.json.JsonObject;
import jakarta.json.spi.JsonProvider;
import org.jspecify.annotations.Nullable;

/** Creates problem documents (RFC 9457) with the additional members that older clients expect. */
public final class ProblemDocument {

  public static final String TYPE = "application/problem+json";

  private static final JsonProvider JSON = JsonProvider.provider();

  private ProblemDocument() {}

  /**
   * @param detail a sentence for the caller; null repeats the title
   * @param instance the path of the request
   */
  public static JsonObject of(Code code, @Nullable String detail, String instance) {
    return of(code.status(), code, detail, instance);
  }

  /** Creates the document of a failure that has no specific code; see {@link Code#of}. */
  public static JsonObject of(int status, @Nullable String detail, String instance) {
    return of(status, Code.of(status), detail, instance);
  }

  private static JsonObject of(int status, Code code, @Nullable String detail, String instance) {
    String message = detail == null || detail.isBlank() ? code.title() : detail;
    return JSON.createObjectBuilder()
        .add("type", "about:blank")
        .add("title", code.title())
        .add("status", status)
        .add("detail", message)
        .add("instance", instance)
        .add("success", false)
        .add("error", JSON.createObjectBuilder().add("code", code.word()).add("message", message))
        .build();
  }
}
