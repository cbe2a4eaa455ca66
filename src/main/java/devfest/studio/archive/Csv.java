package devfest.studio.archive;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table as text (RFC 4180), in UTF-8 without a byte order mark. A text that a spreadsheet would
 * execute as a formula begins with an apostrophe. Not thread-safe.
 */
public final class Csv {

  /** The media type. */
  public static final String TYPE = "text/csv";

  /** What begins a formula; some spreadsheets skip a tab or a carriage return before it. */
  private static final String FORMULA = "=+-@\t\r";

  private final StringBuilder text = new StringBuilder();

  /** Begins a table with the names of its columns. */
  public Csv(String... columns) {
    row((Object[]) columns);
  }

  /**
   * Adds a row.
   *
   * @param cells null for an empty one
   */
  public void row(@Nullable Object... cells) {
    text.append(Arrays.stream(cells).map(Csv::cell).collect(Collectors.joining(",")))
        .append("\r\n");
  }

  private static String cell(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    String plain = value.toString();
    boolean formula = !plain.isEmpty() && FORMULA.indexOf(plain.charAt(0)) >= 0;
    String safe = formula ? '\'' + plain : plain;
    boolean quoted = safe.chars().anyMatch(c -> c == '"' || c == ',' || c == '\r' || c == '\n');
    return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
  }

  /** Returns the table with all rows so far. */
  @Override
  public String toString() {
    return text.toString();
  }
}
