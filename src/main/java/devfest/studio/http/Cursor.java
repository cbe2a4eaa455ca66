package devfest.studio.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A place in a list that is ordered by an instant, newest first, and by id where instants are
 * equal. Opaque text to clients.
 */
public record Cursor(Instant at, String id) {

  /** Before the first item. */
  public static final Cursor START = new Cursor(Instant.ofEpochMilli(Long.MAX_VALUE / 2), "~");

  /**
   * @param text null or empty for the start
   */
  public static Cursor of(@Nullable String text) {
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
      throw Problem.badRequest("cursor is not one that this list gave out");
    }
  }

  @Override
  public String toString() {
    byte[] plain = (at.toEpochMilli() + ":" + id).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
  }
}
