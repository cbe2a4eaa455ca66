package devfest.studio.events;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Event types that only their owner may use. The owner is a bean that produces them; clients cannot
 * publish events of these types, nor of names that look the same: in other case, or with dots,
 * hyphens or underscores at the end. Immutable.
 *
 * @param patterns names in lower case, or prefixes of them that end in {@code *}
 */
public record ReservedTypes(List<String> patterns) {

  private static final Pattern TAIL = Pattern.compile("[._-]+$");

  public ReservedTypes {
    patterns = List.copyOf(patterns);
  }

  public static ReservedTypes of(String... patterns) {
    return new ReservedTypes(List.of(patterns));
  }

  public boolean includes(String type) {
    String lower = type.toLowerCase(Locale.ROOT);
    return Filter.includes(patterns, lower)
        || Filter.includes(patterns, TAIL.matcher(lower).replaceFirst(""));
  }
}
