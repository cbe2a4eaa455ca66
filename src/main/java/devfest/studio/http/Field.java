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
    String text = value == null ? "" : strip(value);
    if (!isText(text, max, true)) {
      throw Problem.badRequest(
          name + " must have 1 to " + max + " characters and no control characters.");
    }
    return text;
  }

  /** Returns the text without surrounding white space and with LF as line end. */
  public static String strip(String text) {
    return text.replace("\r\n", "\n").strip();
  }

  /**
   * Whether a stripped text has 1 to {@code max} characters and no control characters.
   *
   * @param lines whether line breaks and tabs are allowed
   */
  static boolean isText(String text, int max, boolean lines) {
    return isVisible(text) && text.codePointCount(0, text.length()) <= max && isPlain(text, lines);
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
