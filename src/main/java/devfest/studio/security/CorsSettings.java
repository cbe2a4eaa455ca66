package devfest.studio.security;

import devfest.studio.settings.Values;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * Settings of access by pages of other origins.
 *
 * @param allowedOrigins origins in the form that browsers send; {@code *} allows any origin, but
 *     without credentials
 */
public record CorsSettings(Set<String> allowedOrigins) {

  public static CorsSettings from(Values values) {
    return new CorsSettings(
        values
            .other(
                "studio.cors.allowed-origins",
                "a list of origins such as https://example.org, separated by commas, or *",
                value -> Values.parts(value).stream().allMatch(CorsSettings::isOrigin),
                value -> Set.copyOf(Values.parts(value)))
            .orElse(Set.of()));
  }

  /** Whether the value has the form that browsers send: without a path, in lower case. */
  private static boolean isOrigin(String value) {
    if (value.equals("*")) {
      return true;
    }
    URI uri = URI.create(value);
    return Values.isUrl(value)
        && uri.getRawPath().isEmpty()
        && uri.getRawQuery() == null
        && uri.getRawUserInfo() == null
        && value.equals(value.toLowerCase(Locale.ROOT));
  }
}
