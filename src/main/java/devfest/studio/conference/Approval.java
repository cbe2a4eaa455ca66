package devfest.studio.conference;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** When organisers decide about public pictures. */
public enum Approval {
  /** A public picture is shown to others when it is approved. */
  BEFORE,
  /** A public picture is shown immediately, and can be hidden. */
  AFTER;

  /** Returns the value with this text form; empty if there is none. */
  static Optional<Approval> of(String text) {
    return Arrays.stream(values()).filter(value -> value.toString().equals(text)).findFirst();
  }

  /** The form in JSON, such as {@code before}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
