package devfest.studio.security;

import devfest.studio.http.Loopback;
import devfest.studio.settings.Values;
import java.net.URI;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Settings of the page's sign-in at an OpenID Connect provider.
 *
 * @param provider empty if the page signs in nowhere
 */
public record OidcSettings(Optional<Provider> provider) {

  /**
   * A provider and how the page is registered there.
   *
   * @param issuer as in the provider's metadata, to the letter
   * @param scopes separated by spaces
   * @param origins where the page sends requests: that of the issuer first
   */
  public record Provider(String issuer, String clientId, String scopes, Set<String> origins) {}

  private static final String SCOPE = "[\\x21\\x23-\\x5B\\x5D-\\x7E]+"; // RFC 6749 § 3.3

  public static OidcSettings from(Values values) {
    Optional<String> issuer =
        values.other(
            "studio.oidc.issuer",
            "the https URL of a provider, such as https://login.example.org/realms/main, without"
                + " a query (http only for this machine)",
            OidcSettings::isIssuer,
            value -> value);
    Optional<String> clientId = values.text("studio.oidc.client-id");
    String scopes =
        values.other(
            "studio.oidc.scopes",
            "openid profile",
            "a list that contains openid, separated by spaces",
            OidcSettings::isScopes,
            value -> String.join(" ", scopes(value)));
    List<String> origins =
        values
            .other(
                "studio.oidc.origins",
                "a list of https origins such as https://auth.example.org, separated by commas",
                value -> Values.parts(value).stream().allMatch(OidcSettings::isOrigin),
                Values::parts)
            .orElse(List.of());
    if (issuer.isPresent() != clientId.isPresent()) {
      values.fault("If one of studio.oidc.issuer and studio.oidc.client-id is set, both must be.");
      return new OidcSettings(Optional.empty());
    }
    return new OidcSettings(
        issuer.map(
            url -> {
              Set<String> all = new LinkedHashSet<>(List.of(origin(url)));
              all.addAll(origins);
              return new Provider(url, clientId.orElseThrow(), scopes, all);
            }));
  }

  private static boolean isIssuer(String value) {
    URI uri = URI.create(value);
    return Values.isUrl(value)
        && ("https".equals(uri.getScheme()) || Loopback.isHost(uri.getHost()))
        && uri.getRawQuery() == null
        && uri.getRawUserInfo() == null;
  }

  private static boolean isOrigin(String value) {
    return isIssuer(value) && value.equals(origin(value));
  }

  /** Returns the origin of a URL, in the form of a Content-Security-Policy. */
  private static String origin(String url) {
    URI uri = URI.create(url);
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + port;
  }

  private static boolean isScopes(String value) {
    List<String> scopes = scopes(value);
    return scopes.contains("openid") && scopes.stream().allMatch(scope -> scope.matches(SCOPE));
  }

  private static List<String> scopes(String value) {
    return Arrays.asList(value.strip().split("\\s+"));
  }
}
