package devfest.studio.settings;

import devfest.studio.base.Text;
import java.time.DateTimeException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The declaration of a property.
 *
 * @param name may hold {@code NAME} in the place of one part
 * @param fallback the default as text; null for none
 * @param allowed what a value has to be, for the operator
 * @param check whether a value is allowed; may also throw one of the exceptions of parsing
 * @param secret whether a value may not be logged
 */
public record Setting(
    String name, String fallback, String allowed, Predicate<String> check, boolean secret) {

  /** The longest value that is logged: a line stays readable. */
  private static final int MAX_SHOWN = 200;

  private static final Pattern PASSWORD =
      Pattern.compile("((?:password|token|secret|key)=|//[^/@\\s]*:(?=[^/\\s]*@))[^&@\\s]*");

  /** Whether the name stands for this property, whatever {@code NAME} is in it. */
  public boolean names(String property) {
    return property.matches(Pattern.quote(name).replace("NAME", "\\E[A-Za-z0-9_-]+\\Q"));
  }

  /** Whether the name stands for several properties. */
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
   * Empty when the value is allowed, else one line for the operator.
   *
   * @param property the name under which the value was found
   */
  public Optional<String> fault(String property, String value) {
    return accepts(value)
        ? Optional.empty()
        : Optional.of(property + " is '" + shown(value) + "', but has to be " + allowed + ".");
  }

  /** On one line, without secrets. */
  private String shown(String value) {
    if (secret) {
      return "(secret)";
    }
    String line = PASSWORD.matcher(value).replaceAll("$1(secret)").replaceAll("\\p{Cntrl}", "?");
    return Text.shorten(line, MAX_SHOWN);
  }
}
