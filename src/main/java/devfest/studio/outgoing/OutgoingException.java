package devfest.studio.outgoing;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A request has failed. The message is a part of a sentence without a subject, such as {@code did
 * not respond within 3 s}; it contains neither headers nor bodies.
 */
public final class OutgoingException extends IOException {

  /** Why the request has failed. */
  public enum Reason {
    /** The host has an address to which the request may not connect. Trying again is no use. */
    FORBIDDEN_ADDRESS,
    /** The host is unknown, refuses the connection, or breaks it off. */
    UNREACHABLE,
    /** The deadline has passed. */
    TIMED_OUT,
    /** The response exceeds the maximum size. */
    TOO_LARGE,
    /** The response is not HTTP/1.1. */
    MALFORMED
  }

  private final Reason reason;

  OutgoingException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  OutgoingException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
