package devfest.studio.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request that can't be served, with what the client is told: becomes a problem document (RFC
 * 9457). The message is a sentence for the person or developer at the other end.
 */
public final class Problem extends RuntimeException {

  private final int status;
  private final String code;
  private final @Nullable Duration retryAfter;

  private Problem(
      int status,
      String code,
      String message,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(message, cause);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  public Problem(int status, String code, String message) {
    this(status, code, message, null, null);
  }

  public Problem(int status, String code, String message, Throwable cause) {
    this(status, code, message, null, cause);
  }

  public static Problem badRequest(String message) {
    return new Problem(400, "bad_request", message);
  }

  /** Also for what the caller may not see: to them it does not exist. */
  public static Problem notFound(String what) {
    return new Problem(404, "not_found", "No such " + what);
  }

  /** Too much of something, for now. */
  public static Problem tryLater(int status, String code, String message, Duration retryAfter) {
    return new Problem(status, code, message, retryAfter, null);
  }

  public int status() {
    return status;
  }

  /** A stable word for programs, such as {@code not_found}. */
  public String code() {
    return code;
  }

  /** When the same request may succeed; null when it will not. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
