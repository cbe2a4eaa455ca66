package devfest.studio.security;

import devfest.studio.settings.Values;
import java.net.URI;
import java.util.Locale;
import java.util.Set;

/**
 * Pages of other origins.
 *
 * @param allowedOrigins as browsers send them; {@code *} for any, without credentials
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

  /** As browsers send it: without a path, in lower case. */
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
