package devfest.studio.app.docs;

import devfest.studio.http.Links;
import devfest.studio.security.OidcSettings;
import devfest.studio.security.Tokens;
import devfest.studio.settings.Values;
import jakarta.inject.Inject;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.spi.JsonProvider;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The metadata of a protected resource (RFC 9728): from it, clients learn which servers issue
 * tokens for the studio.
 */
@WebServlet(urlPatterns = Links.METADATA, asyncSupported = true)
public class ProtectedResourceServlet extends HttpServlet {

  private static final JsonProvider JSON = JsonProvider.provider();

  @Inject private transient Links links;
  @Inject private transient Tokens tokens;
  @Inject private transient OidcSettings signIn;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    byte[] document =
        document(links.base(), links.api("/docs"), tokens.issuers(), signIn.provider())
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    response.setContentType("application/json");
    response.setContentLength(document.length);
    response.getOutputStream().write(document);
  }

  /**
   * Returns the document. Lists without an element are left out (RFC 9728 § 3.2).
   *
   * @param issuers the trusted issuers; those that are no URL cannot issue tokens to others
   */
  static JsonObject document(
      String resource,
      String documentation,
      Set<String> issuers,
      Optional<OidcSettings.Provider> provider) {
    Set<String> servers = new LinkedHashSet<>();
    provider.map(OidcSettings.Provider::issuer).ifPresent(servers::add);
    new TreeSet<>(issuers).stream().filter(ProtectedResourceServlet::isUrl).forEach(servers::add);
    JsonObjectBuilder document = JSON.createObjectBuilder().add("resource", resource);
    addIfAny(document, "authorization_servers", servers);
    addIfAny(
        document,
        "scopes_supported",
        provider.map(at -> List.of(at.scopes().split(" "))).orElse(List.of()));
    return document
        .add("bearer_methods_supported", JSON.createArrayBuilder().add("header"))
        .add("resource_name", "DevFest Studio")
        .add("resource_documentation", documentation)
        .build();
  }

  private static boolean isUrl(String issuer) {
    try {
      return Values.isUrl(issuer);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void addIfAny(JsonObjectBuilder document, String name, Collection<String> items) {
    if (!items.isEmpty()) {
      JsonArrayBuilder array = JSON.createArrayBuilder();
      items.forEach(array::add);
      document.add(name, array);
    }
  }
}
