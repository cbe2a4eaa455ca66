package devfest.studio.settings;

import devfest.studio.base.Text;
import java.time.DateTimeException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of a property.
 *
 * @param name the name; a part {@code NAME} stands for any name
 * @param fallback the default as text; null for none
 * @param allowed describes the allowed values to the operator, as in "must be a whole number"
 * @param check returns whether a value is allowed; may also throw a parsing exception
 * @param secret whether the value must not be logged
 */
public record Setting(
    String name,
    @Nullable String fallback,
    String allowed,
    Predicate<String> check,
    boolean secret) {

  /** The maximum length of a logged value: keeps the line readable. */
  private static final int MAX_SHOWN = 200;

  private static final Pattern PASSWORD =
      Pattern.compile(
          "((?:password|token|secret|key)=|//[^/@\\s]*:(?=[^/\\s]*@)|//(?=[^/:@\\s]+@))[^&@\\s]*");

  /** Whether this declaration covers the property, with any name in place of {@code NAME}. */
  public boolean names(String property) {
    return property.matches(Pattern.quote(name).replace("NAME", "\\E[A-Za-z0-9_-]+\\Q"));
  }

  /** Whether this declaration covers several properties. */
  public boolean isPattern() {
    return name.contains("NAME");
  }

  public boolean accepts(String value) {
    try {
      return check.test(value);
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      return false;
    }
  }

  /**
   * Returns empty if the value is allowed, else one line for the operator.
   *
   * @param property the actual name of the property
   */
  public Optional<String> fault(String property, String value) {
    return accepts(value)
        ? Optional.empty()
        : Optional.of(
            property
                + " is '"
                + (secret ? "(secret)" : shown(value))
                + "', but must be "
                + allowed
                + ".");
  }

  /** Returns the value of a property that is no secret on one line, without passwords in it. */
  public static String shown(String value) {
    String line = PASSWORD.matcher(value).replaceAll("$1(secret)").replaceAll("\\p{Cntrl}", "?");
    return Text.shorten(line, MAX_SHOWN);
  }
}
