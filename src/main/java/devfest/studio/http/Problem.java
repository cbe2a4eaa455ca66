package devfest.studio.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Rejects a request with a problem document (RFC 9457). The message is a sentence for the user or
 * the developer of the client. Only resources throw it; entities and background work throw a {@link
 * devfest.studio.base.DomainException} instead.
 */
public final class Problem extends RuntimeException {

  private final Code code;
  private final @Nullable Duration retryAfter;

  private Problem(
      Code code, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  public Problem(Code code, String message) {
    this(code, message, null, null);
  }

  public Problem(Code code, String message, Throwable cause) {
    this(code, message, null, cause);
  }

  public static Problem badRequest(String message) {
    return new Problem(Code.BAD_REQUEST, message);
  }

  public static Problem badRequest(String message, Throwable cause) {
    return new Problem(Code.BAD_REQUEST, message, cause);
  }

  /**
   * Creates a 404. Also used for objects that the caller may not see.
   *
   * @param what the kind of object, for example {@code photo}
   */
  public static Problem notFound(String what) {
    return new Problem(Code.NOT_FOUND, "There is no such " + what + ".");
  }

  /** Creates a refusal with a {@code Retry-After}. */
  public static Problem tryLater(Code code, String message, Duration retryAfter) {
    return new Problem(code, message, retryAfter, null);
  }

  public int status() {
    return code.status();
  }

  public Code code() {
    return code;
  }

  /** Returns the time after which the same request may succeed; null if it will not. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
