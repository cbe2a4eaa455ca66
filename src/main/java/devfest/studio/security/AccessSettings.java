package devfest.studio.security;

import devfest.studio.settings.Values;

/**
 * Who may use the studio.
 *
 * @param devMode whether the studio makes a key and hands out tokens itself
 * @param anonymous whether callers without a token may read what is public
 */
public record AccessSettings(boolean devMode, boolean anonymous) {

  public static AccessSettings from(Values values) {
    return new AccessSettings(
        values.flag("studio.dev-mode", false),
        values.choice("studio.anonymous-access", "none", "none", "public").equals("public"));
  }
}
