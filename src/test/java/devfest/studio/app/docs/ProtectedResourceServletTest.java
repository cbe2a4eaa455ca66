package devfest.studio.app.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.security.OidcSettings;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProtectedResourceServletTest {

  private static String document(Set<String> issuers, Optional<OidcSettings.Provider> provider) {
    return ProtectedResourceServlet.document(
            "https://x.example/studio", "https://x.example/studio/api/v1/docs", issuers, provider)
        .toString();
  }

  @Test
  void listsWithoutAnElementAreLeftOut() {
    assertEquals(
        "{\"resource\":\"https://x.example/studio\",\"bearer_methods_supported\":[\"header\"],"
            + "\"resource_name\":\"DevFest Studio\","
            + "\"resource_documentation\":\"https://x.example/studio/api/v1/docs\"}",
        document(Set.of("devfest-studio", "not a URL"), Optional.empty()));
  }

  @Test
  void theProviderOfThePageIsFirstAndNoServerIsNamedTwice() {
    OidcSettings.Provider provider =
        new OidcSettings.Provider(
            "https://m.example", "studio", "openid profile", Set.of("https://m.example"));
    assertEquals(
        "{\"resource\":\"https://x.example/studio\","
            + "\"authorization_servers\":"
            + "[\"https://m.example\",\"https://a.example\",\"https://z.example\"],"
            + "\"scopes_supported\":[\"openid\",\"profile\"],"
            + "\"bearer_methods_supported\":[\"header\"],"
            + "\"resource_name\":\"DevFest Studio\","
            + "\"resource_documentation\":\"https://x.example/studio/api/v1/docs\"}",
        document(
            Set.of("https://z.example", "https://m.example", "https://a.example", "club"),
            Optional.of(provider)));
  }
}
