package devfest.studio.http;

import jakarta.persistence.TypedQuery;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A position in a list that is sorted by instant, newest first, and by id among equal instants. Its
 * text form is opaque to clients.
 */
public record Cursor(Instant at, String id) {

  /** Before the first item. */
  public static final Cursor START = new Cursor(Instant.ofEpochMilli(Long.MAX_VALUE / 2), "~");

  /**
   * Parses the text form.
   *
   * @param text null or empty for the start
   * @throws Problem 400 if the text is not a cursor
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
      throw invalid(e);
    }
  }

  /**
   * Parses the cursor of a list that is sorted by log position, newest first. The next page has the
   * items below the result.
   *
   * @param text null or empty for the start
   * @throws Problem 400 if the text is not a position
   */
  public static long position(@Nullable String text) {
    try {
      return text == null || text.isEmpty() ? Long.MAX_VALUE : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw invalid(e);
    }
  }

  /**
   * Returns the JPQL condition for the items after a cursor. {@link #bind} sets its parameters.
   *
   * @param instant the path of the instant, for example {@code p.createdAt}
   * @param id the path of the id, for example {@code p.id}
   */
  public static String condition(String instant, String id) {
    return "(%1$s < :at or (%1$s = :at and %2$s < :id))".formatted(instant, id);
  }

  /** Sets the parameters of {@link #condition} and returns the query. */
  public <T> TypedQuery<T> bind(TypedQuery<T> query) {
    return query.setParameter("at", at).setParameter("id", id);
  }

  private static Problem invalid(RuntimeException cause) {
    return Problem.badRequest("cursor must be the value of 'next' from the previous page.", cause);
  }

  @Override
  public String toString() {
    byte[] plain = (at.toEpochMilli() + ":" + id).getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(plain);
  }
}
