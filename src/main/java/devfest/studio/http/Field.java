package devfest.studio.http;

import jakarta.json.JsonNumber;
import jakarta.json.JsonValue;
import org.jspecify.annotations.Nullable;

/** What a field of a body may hold; anything else is a {@link Problem} 400 that names the field. */
public final class Field {

  private Field() {}

  /**
   * A text of 1 to {@code max} characters (code points), without what surrounds it. Lines end in
   * LF.
   */
  public static String text(String name, @Nullable String value, int max) {
    String text = value == null ? "" : strip(value);
    if (!isText(text, max, true)) {
      throw Problem.badRequest(
          name + " has 1 to " + max + " characters, and no control characters");
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
    return isSeen(text) && text.codePointCount(0, text.length()) <= max && isPlain(text, lines);
  }

  /** Whether there is more to it than spaces and marks that show nothing. */
  private static boolean isSeen(String text) {
    return text.codePoints()
        .anyMatch(c -> !Character.isWhitespace(c) && Character.getType(c) != Character.FORMAT);
  }

  private static boolean isPlain(String text, boolean lines) {
    return text.codePoints()
        .noneMatch(
            c ->
                Character.getType(c) == Character.SURROGATE // half a pair, which UTF-8 can't hold
                    || (Character.isISOControl(c) && !(lines && (c == '\n' || c == '\t'))));
  }

  /** A whole number from {@code min} to {@code max}; no text that looks like one. */
  public static int integer(String name, @Nullable JsonValue value, int min, int max) {
    if (value instanceof JsonNumber number && number.isIntegral()) {
      long integer = number.bigIntegerValue().bitLength() < Long.SIZE ? number.longValue() : -1;
      if (integer >= min && integer <= max) {
        return (int) integer;
      }
    }
    throw Problem.badRequest(name + " is a whole number from " + min + " to " + max);
  }
}
