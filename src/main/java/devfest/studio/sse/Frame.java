package devfest.studio.sse;

import jakarta.ws.rs.sse.OutboundSseEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One encoded frame of a stream, shared by all streams that send it. Immutable.
 *
 * <p>This class alone implements the framing of <a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML § 9.2</a>: lines end
 * in LF, a line break in a text starts another line of the same field, and a name or id that
 * contains a line break or NUL is rejected, so that no value can inject a field.
 */
public final class Frame {

  private final byte[] bytes;

  private Frame(CharSequence text) {
    bytes = text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @param id sets the client's last event id; null for none
   * @param name null for an unnamed event
   * @param data any text
   * @throws IllegalArgumentException if the id or the name contains a line break or NUL
   */
  public static Frame event(@Nullable String id, @Nullable String name, String data) {
    StringBuilder frame = new StringBuilder(data.length() + 80);
    event(frame, id, name, data);
    return new Frame(frame);
  }

  private static void event(
      StringBuilder frame, @Nullable String id, @Nullable String name, @Nullable String data) {
    if (id != null) {
      frame.append("id: ").append(line(id)).append('\n');
    }
    if (name != null) {
      frame.append("event: ").append(line(name)).append('\n');
    }
    if (data != null) {
      lines(frame, "data: ", data);
    }
    frame.append('\n');
  }

  /**
   * A whole message of an {@link Output} that delimits messages itself, such as a WebSocket. Has no
   * fields.
   *
   * @param text any text, not empty
   */
  public static Frame message(String text) {
    return new Frame(text);
  }

  /** A comment, which browsers ignore. */
  public static Frame comment(String text) {
    StringBuilder frame = new StringBuilder(text.length() + 4);
    lines(frame, ": ", text);
    return new Frame(frame.append('\n'));
  }

  /**
   * Sets the client's last event id and reconnection time without an event.
   *
   * @param id null for none
   * @param retryMillis the reconnection time in milliseconds
   */
  public static Frame reconnection(@Nullable String id, long retryMillis) {
    String retry = "retry: " + retryMillis + '\n';
    return new Frame(id == null ? retry + '\n' : retry + "id: " + line(id) + "\n\n");
  }

  /**
   * The frame of a standard event, with its data encoded by {@link Encoder#STANDARD}.
   *
   * @throws IllegalArgumentException if the id or the name contains a line break or NUL
   * @throws UncheckedIOException if the data cannot be encoded
   */
  public static Frame of(OutboundSseEvent event) {
    try {
      return text(Encoder.STANDARD.encode(event));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The comment comes first, then the fields. An id is effective even without data (HTML § 9.2.6);
   * a name without data has no effect.
   */
  static Frame text(TextEvent event) {
    StringBuilder frame = new StringBuilder();
    if (event.comment() != null) {
      lines(frame, ": ", event.comment());
    }
    if (event.isReconnectDelaySet()) {
      frame.append("retry: ").append(event.reconnectDelay()).append('\n');
    }
    event(frame, event.id(), event.name(), event.data());
    return new Frame(frame);
  }

  int size() {
    return bytes.length;
  }

  void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, 0, target, offset, bytes.length);
  }

  private static String line(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\n' || c == '\r' || c == '\0') {
        throw new IllegalArgumentException(
            "The id and the name of an event must not contain line breaks or NUL.");
      }
    }
    return value;
  }

  /** LF, CR and CR LF each end a line, as in the browser's parser. */
  private static void lines(StringBuilder frame, String field, String text) {
    if (text.indexOf('\n') < 0 && text.indexOf('\r') < 0) {
      frame.append(field).append(text).append('\n');
      return;
    }
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == '\n' || text.charAt(i) == '\r') {
        frame.append(field).append(text, start, i).append('\n');
        if (i + 1 < text.length() && text.charAt(i) == '\r' && text.charAt(i + 1) == '\n') {
          i++;
        }
        start = i + 1;
      }
    }
  }

  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
