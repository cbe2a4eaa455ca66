package devfest.studio.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.settings.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OidcSettingsTest {

  private static Values checked(Map<String, String> values) {
    return Values.check(name -> Optional.ofNullable(values.get(name)));
  }

  private static Optional<OidcSettings.Provider> provider(Map<String, String> values) {
    Values checked = checked(values);
    Optional<OidcSettings.Provider> provider = OidcSettings.from(checked).provider();
    assertEquals(List.of(), checked.faults());
    return provider;
  }

  private static List<String> faults(String name, String value) {
    Values checked = checked(Map.of(name, value));
    OidcSettings.from(checked);
    return checked.faults();
  }

  @Test
  void withoutSettingsThePageSignsInNowhere() {
    assertEquals(Optional.empty(), provider(Map.of()));
  }

  @Test
  void anIssuerAndAClientIdAreEnough() {
    String issuer = "https://login.example.org:8443/realms/main";
    assertEquals(
        Optional.of(
            new OidcSettings.Provider(
                issuer, "studio", "openid profile", Set.of("https://login.example.org:8443"))),
        provider(Map.of("studio.oidc.issuer", issuer, "studio.oidc.client-id", "studio")));
  }

  @Test
  void furtherOriginsFollowThatOfTheIssuer() {
    Set<String> origins =
        provider(
                Map.of(
                    "studio.oidc.issuer", "https://login.example.org/",
                    "studio.oidc.client-id", "studio",
                    "studio.oidc.scopes", " openid  api://studio/use ",
                    "studio.oidc.origins", "https://a.example.org, https://b.example.org"))
            .orElseThrow()
            .origins();
    assertEquals(
        List.of("https://login.example.org", "https://a.example.org", "https://b.example.org"),
        List.copyOf(origins));
  }

  @Test
  void scopesAreSeparatedByOneSpace() {
    assertEquals(
        "openid api://studio/use",
        provider(
                Map.of(
                    "studio.oidc.issuer", "http://localhost:8080/x",
                    "studio.oidc.client-id", "studio",
                    "studio.oidc.scopes", " openid  api://studio/use "))
            .orElseThrow()
            .scopes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://login.example.org",
        "https://login.example.org?tenant=1",
        "https://login.example.org#a",
        "https://user@login.example.org",
        "login.example.org"
      })
  void anIssuerIsAnHttpsUrlWithoutAQuery(String issuer) {
    List<String> faults = faults("studio.oidc.issuer", issuer);
    assertEquals(1, faults.size());
    assertTrue(faults.get(0).contains("must be the https URL"), faults.get(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"profile", "openid \"x\"", " "})
  void scopesContainOpenid(String scopes) {
    assertEquals(1, faults("studio.oidc.scopes", scopes).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://a.example.org/", "http://a.example.org", "*", "https://a b"})
  void originsHaveNoPath(String origins) {
    assertEquals(1, faults("studio.oidc.origins", origins).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"studio.oidc.issuer", "studio.oidc.client-id"})
  void anIssuerAndAClientIdBelongTogether(String name) {
    assertEquals(
        List.of("If one of studio.oidc.issuer and studio.oidc.client-id is set, both must be."),
        faults(name, "https://login.example.org"));
  }
}
