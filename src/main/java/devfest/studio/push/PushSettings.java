package devfest.studio.push;

import devfest.studio.settings.Values;
import java.util.Optional;

/**
 * Settings of Web Push.
 *
 * @param contact whom a push service may contact, as {@code mailto:} or {@code https:} URL; empty
 *     for the studio's own URL
 */
public record PushSettings(Optional<String> contact) {

  private static final String CONTACT = "(?:mailto:[^\\s\"\\\\]+@|https://)[^\\s\"\\\\]+";

  public static PushSettings from(Values values) {
    return new PushSettings(
        values.other(
            "studio.push.contact",
            "a URL that begins with mailto: or https://",
            text -> text.matches(CONTACT),
            text -> text));
  }
}
