package devfest.studio.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/**
 * A place in a list that is ordered by an instant, newest first, and by id where instants are
 * equal. Opaque text to clients.
 */
public record Cursor(Instant at, String id) {

  /** Before the first item. */
  public static final Cursor START = new Cursor(Instant.ofEpochMilli(Long.MAX_VALUE / 2), "~");

  /**
   * @param text null or empty for the start
   * @throws Problem 400 when it is no cursor
   */
  public static Cursor of(String text) {
    if (text == null || text.isEmpty()) {
      return START;
    }
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
      int colon = plain.indexOf(':');
      return new Cursor(
          Instant.ofEpochMilli(Long.parseLong(plain.substring(0, colon))),
          plain.substring(colon + 1));
    } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
      throw foreign(e);
    }
  }

  /**
   * The position below which a list goes on that is ordered by the log's positions, newest first.
   *
   * @param text null or empty for the start
   * @throws Problem 400 when it is no position
   */
  public static long position(String text) {
    try {
      return text == null || text.isEmpty() ? Long.MAX_VALUE : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw foreign(e);
    }
  }

  private static Problem foreign(RuntimeException cause) {
    return Problem.badRequest("cursor is not one that this list gave out", cause);
  }

  @Override
  public String toString() {
    byte[] plain = (at.toEpochMilli() + ":" + id).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
  }
}
