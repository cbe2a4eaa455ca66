package devfest.studio.http;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param next the cursor for the part that follows, null when this is the last
 */
public record Page<T>(List<T> items, @Schema(nullable = true) @Nullable String next) {

  /** The most items of one page, so that a page is small and quickly read. */
  public static final int MAX = 100;

  /** About what a screen shows. */
  private static final int DEFAULT = 20;

  /**
   * Reads a page, with one item more than it holds to know whether another follows.
   *
   * @param limit the most items of the page
   * @param read gives at most so many items
   * @param cursor the place of an item, after which the next page begins
   */
  public static <S, T> Page<T> of(
      int limit, IntFunction<List<S>> read, Function<S, T> view, Function<S, ?> cursor) {
    List<S> oneMore = read.apply(limit + 1);
    boolean more = oneMore.size() > limit;
    List<S> items = more ? oneMore.subList(0, limit) : oneMore;
    return new Page<>(
        items.stream().map(view).toList(),
        more ? cursor.apply(items.get(limit - 1)).toString() : null);
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
}
