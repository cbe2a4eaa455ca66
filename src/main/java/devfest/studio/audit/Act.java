package devfest.studio.audit;

import devfest.studio.base.Text;
import org.jspecify.annotations.Nullable;

/**
 * One thing that somebody did.
 *
 * @param user null without a valid token
 * @param target what it was done to: an id, never a text that a user wrote; null for nothing
 * @param address the client's address; null for the studio itself
 */
record Act(
    @Nullable String user,
    Action action,
    @Nullable String target,
    Outcome outcome,
    @Nullable String address) {

  /** The length of the database columns. */
  private static final int MAX_TARGET = 255;

  private static final int MAX_ADDRESS = 64;

  Act {
    target = target == null ? null : Text.clip(target, MAX_TARGET);
    address = address == null ? null : Text.clip(address, MAX_ADDRESS);
  }

  /** The act without who, what and where, for those that are too many to distinguish. */
  Act anonymous() {
    return new Act(null, action, null, outcome, null);
  }

  /** One line for the log. It contains no control, format or bidirectional character. */
  String line(int times) {
    return "action="
        + action
        + " outcome="
        + outcome
        + " user="
        + quoted(user)
        + " target="
        + quoted(target)
        + " from="
        + quoted(address)
        + (times == 1 ? "" : " times=" + times);
  }

  private static String quoted(@Nullable String text) {
    if (text == null) {
      return "-";
    }
    StringBuilder line = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (isPlain(c)) {
                line.appendCodePoint(c);
              } else {
                line.append(String.format("\\u{%x}", c));
              }
            });
    return line.append('"').toString();
  }

  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> c != '"' && c != '\\';
    };
  }
}
