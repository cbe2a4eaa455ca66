package devfest.studio.security;

import devfest.studio.http.Links;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The origins whose pages may use the studio, besides its own. Thread-safe. */
@ApplicationScoped
public class Origins {

  /** The origin of a page that is being developed, which dev mode allows. */
  public static final String DEV_ORIGIN = "http://localhost:3000";

  private final Set<String> allowed = new HashSet<>();
  private final @Nullable String publicOrigin;
  private final boolean https;
  private final String signIn;

  @Inject
  Origins(CorsSettings settings, Links links, DevMode devMode, OidcSettings oidc) {
    publicOrigin = authority(links.base());
    https = isHttps(links.base());
    signIn =
        oidc.provider().stream()
            .flatMap(provider -> provider.origins().stream())
            .collect(Collectors.joining(" "));
    allowed.addAll(settings.allowedOrigins());
    if (devMode.on()) {
      allowed.add(DEV_ORIGIN);
    }
  }

  /** Returns the bean without its proxy, which works only until the CDI container stops. */
  public Origins unproxied() {
    return this;
  }

  /** Whether the configuration lists the origin. */
  public boolean names(String origin) {
    return allowed.contains(origin);
  }

  /** Whether every origin is allowed, but without credentials. */
  public boolean any() {
    return allowed.contains("*");
  }

  /**
   * Whether the origin is that of the studio's own pages: the requested host, or the public URL.
   *
   * @param host the {@code Host} of the request, as sent by the browser or a proxy
   */
  public boolean isOwn(String origin, @Nullable String host) {
    String own = authority(origin);
    if (own == null || (own.equals(publicOrigin) && https && !isHttps(origin))) {
      return false; // anybody on the network can forge the http page of an https studio
    }
    return own.equals(publicOrigin) || own.equals(authority("http://" + host));
  }

  /** Whether browsers should use the studio over https only, as its public URL does. */
  public boolean requireHttps() {
    return https;
  }

  /**
   * Returns the origins to which the pages send requests when a user signs in, separated by spaces;
   * empty if no provider is configured.
   */
  public String ofSignIn() {
    return signIn;
  }

  private static boolean isHttps(String url) {
    return url.regionMatches(true, 0, "https:", 0, "https:".length());
  }

  /** Returns host and port, without the ports 80 and 443; null if the text is not a URL. */
  private static @Nullable String authority(String url) {
    try {
      URI uri = URI.create(url);
      if (uri.getHost() == null) {
        return null;
      }
      boolean isDefault = uri.getPort() < 0 || uri.getPort() == 80 || uri.getPort() == 443;
      return uri.getHost().toLowerCase(Locale.ROOT) + (isDefault ? "" : ":" + uri.getPort());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
