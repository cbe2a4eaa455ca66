package devfest.studio.http;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param next the cursor of the next page; null on the last page
 */
public record Page<T>(List<T> items, @Schema(nullable = true) @Nullable String next) {

  /** The maximum number of items: a page stays small and fast to read. */
  public static final int MAX = 100;

  /** The default number of items: about one screen. */
  private static final int DEFAULT = 20;

  /**
   * Reads a page. Requests one item more than the page can hold, to find out whether another page
   * follows.
   *
   * @param limit the maximum number of items in the page
   * @param read returns at most the given number of items
   * @param view converts an item to what the client sees
   * @param cursor returns the cursor of an item; the next page begins after it
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
   * Parses the requested number of items; null or empty selects the default.
   *
   * @throws Problem 400 if it is not a whole number from 1 to {@value #MAX}
   */
  public static int limit(@Nullable String requested) {
    return limit(requested, DEFAULT);
  }

  /** Like {@link #limit(String)}, with another default. */
  public static int limit(@Nullable String requested, int defaultLimit) {
    if (requested == null || requested.isEmpty()) {
      return defaultLimit;
    }
    try {
      int limit = Integer.parseInt(requested);
      if (limit >= 1 && limit <= MAX) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw Problem.badRequest("limit must be a whole number from 1 to " + MAX + ".");
  }
}
