package devfest.studio.http;

import jakarta.json.JsonNumber;
import jakarta.json.JsonValue;
import org.jspecify.annotations.Nullable;

/** Validates fields of a body. A wrong value throws a {@link Problem} 400 that names the field. */
public final class Field {

  private Field() {}

  /**
   * Returns a text of 1 to {@code max} characters (code points), without surrounding white space
   * and with LF as line end.
   */
  public static String text(String name, @Nullable String value, int max) {
    String text = value == null ? "" : value.replace("\r\n", "\n").strip();
    if (!isVisible(text) || text.codePointCount(0, text.length()) > max || !isPlain(text, true)) {
      throw Problem.badRequest(
          name + " must have 1 to " + max + " characters and no control characters.");
    }
    return text;
  }

  /** Like {@link #text}, but with a single line. */
  public static String line(String name, @Nullable String value, int max) {
    String text = text(name, value, max);
    if (!isPlain(text, false)) {
      throw Problem.badRequest(name + " must have a single line.");
    }
    return text;
  }

  /** Whether the text has any character other than white space and invisible format characters. */
  private static boolean isVisible(String text) {
    return text.codePoints()
        .anyMatch(c -> !Character.isWhitespace(c) && Character.getType(c) != Character.FORMAT);
  }

  private static boolean isPlain(String text, boolean lines) {
    return text.codePoints()
        .noneMatch(
            c ->
                Character.getType(c) == Character.SURROGATE // half a pair, which UTF-8 can't encode
                    || (Character.isISOControl(c) && !(lines && (c == '\n' || c == '\t'))));
  }

  /** Returns a whole number from {@code min} to {@code max}; a string with digits is refused. */
  public static int integer(String name, @Nullable JsonValue value, int min, int max) {
    if (value instanceof JsonNumber number && number.isIntegral()) {
      long integer = number.bigIntegerValue().bitLength() < Long.SIZE ? number.longValue() : -1;
      if (integer >= min && integer <= max) {
        return (int) integer;
      }
    }
    throw Problem.badRequest(name + " must be a whole number from " + min + " to " + max + ".");
  }
}
