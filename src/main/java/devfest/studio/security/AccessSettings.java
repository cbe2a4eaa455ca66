package devfest.studio.security;

import devfest.studio.settings.Values;

/**
 * Settings of access to the studio.
 *
 * @param devMode whether the studio creates its own key and issues tokens
 * @param anonymous whether callers without a token may read public data
 */
public record AccessSettings(boolean devMode, boolean anonymous) {

  public static AccessSettings from(Values values) {
    return new AccessSettings(
        values.flag("studio.dev-mode", false),
        values.choice("studio.anonymous-access", "none", "none", "public").equals("public"));
  }
}
