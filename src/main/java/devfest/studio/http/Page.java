package devfest.studio.http;

import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param next the cursor for the part that follows, null when this is the last
 */
public record Page<T>(List<T> items, @Schema(nullable = true) @Nullable String next) {

  /** The most items of one page. */
  public static final int MAX = 100;

  private static final int DEFAULT = 20;

  /**
   * Cuts a list that was read with one item more than asked for.
   *
   * @param cursor gives the cursor that goes on after an item
   */
  public static <S, T> Page<T> cut(
      List<S> oneMore, int limit, Function<S, T> view, Function<S, String> cursor) {
    boolean more = oneMore.size() > limit;
    List<S> items = more ? oneMore.subList(0, limit) : oneMore;
    return new Page<>(
        items.stream().map(view).toList(), more ? cursor.apply(items.get(limit - 1)) : null);
  }

  /**
   * The asked number of items, or the default when none was.
   *
   * @throws Problem 400 when that is no number, or out of bounds
   */
  public static int limit(@Nullable String asked) {
    return limit(asked, DEFAULT);
  }

  /** The same with another default. */
  public static int limit(@Nullable String asked, int otherwise) {
    if (asked == null || asked.isEmpty()) {
      return otherwise;
    }
    try {
      int limit = Integer.parseInt(asked);
      if (limit >= 1 && limit <= MAX) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw Problem.badRequest("limit is a number from 1 to " + MAX);
  }

  /**
   * The position below which a list goes on that is ordered by the log's positions, newest first.
   *
   * @param cursor null or empty for the start
   * @throws Problem 400 when that is no position
   */
  public static long below(@Nullable String cursor) {
    try {
      return cursor == null || cursor.isEmpty() ? Long.MAX_VALUE : Long.parseLong(cursor);
    } catch (NumberFormatException e) {
      throw new Problem(400, "bad_request", "cursor is not one that this list gave out", e);
    }
  }
}
