package devfest.studio.http;

import java.time.Duration;

/**
 * A request that can't be served: becomes a problem document (RFC 9457). The message is a sentence
 * for the person or developer at the other end. Resources throw it; entities and background work
 * throw a {@link devfest.studio.base.DomainException} instead.
 */
public final class Problem extends RuntimeException {

  private final Code code;
  private final Duration retryAfter;

  private Problem(Code code, String message, Duration retryAfter, Throwable cause) {
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

  /** Also for what the caller may not see: to them it does not exist. */
  public static Problem notFound(String what) {
    return new Problem(Code.NOT_FOUND, "No such " + what);
  }

  /** Too much of something, for now. */
  public static Problem tryLater(Code code, String message, Duration retryAfter) {
    return new Problem(code, message, retryAfter, null);
  }

  public int status() {
    return code.status();
  }

  public Code code() {
    return code;
  }

  /** When the same request may succeed; null when it will not. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
