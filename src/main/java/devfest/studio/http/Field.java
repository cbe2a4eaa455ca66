package devfest.studio.http;

import devfest.studio.base.Text;
import jakarta.json.bind.annotation.JsonbProperty;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** Reads and validates fields of a body, or texts of a query. */
public final class Field {

  private Field() {}

  /**
   * Returns a text of 1 to {@code max} characters (code points), without surrounding white space
   * and with LF as line end.
   *
   * @throws Problem 400, which names the field, if the text is not valid
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
   * @param lines whether line breaks and tabs are allowed; otherwise the text must be a name
   */
  static boolean isText(String text, int max, boolean lines) {
    return isVisible(text)
        && text.codePointCount(0, text.length()) <= max
        && (lines ? isPlain(text) : Text.isName(text));
  }

  /** Whether the text has any character other than white space and invisible format characters. */
  private static boolean isVisible(String text) {
    return text.codePoints()
        .anyMatch(c -> !Character.isWhitespace(c) && Character.getType(c) != Character.FORMAT);
  }

  private static boolean isPlain(String text) {
    return text.codePoints()
        .noneMatch(
            c ->
                Character.getType(c)
                        == Character.SURROGATE // half of a pair, which UTF-8 cannot encode
                    || (Character.isISOControl(c) && c != '\n' && c != '\t'));
  }

  /** Returns the JSON name of a member of a body. */
  public static String name(RecordComponent member) {
    JsonbProperty property = member.getAccessor().getAnnotation(JsonbProperty.class);
    return property == null || property.value().isEmpty() ? member.getName() : property.value();
  }
}
