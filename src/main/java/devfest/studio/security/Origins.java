package devfest.studio.security;

import devfest.studio.http.Links;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whose pages may use the studio besides its own. Safe for use from many threads. */
@ApplicationScoped
public class Origins {

  private static final String DEV_ORIGIN = "http://localhost:3000";

  private final Set<String> allowed = new HashSet<>();
  private final @Nullable String publicOrigin;

  @Inject
  Origins(CorsSettings settings, Links links, DevMode devMode) {
    publicOrigin = authority(links.base());
    allowed.addAll(settings.allowedOrigins());
    if (devMode.on()) {
      allowed.add(DEV_ORIGIN);
    }
  }

  /** Returns the bean without its proxy, which works only until the CDI container stops. */
  public Origins unproxied() {
    return this;
  }

  /** Whether the origin is one of those that are named. */
  public boolean names(String origin) {
    return allowed.contains(origin);
  }

  /** Whether any origin may come, without credentials. */
  public boolean any() {
    return allowed.contains("*");
  }

  /**
   * Whether it is the origin of the studio's own pages: where it is asked, or its public URL.
   *
   * @param host that the browser, or a proxy in its stead, asked for
   */
  public boolean isOwn(String origin, @Nullable String host) {
    String own = authority(origin);
    return own != null && (own.equals(publicOrigin) || own.equals(authority("http://" + host)));
  }

  /** Host and port, the port left out where it is that of the scheme; null for no URL. */
  private static @Nullable String authority(String url) {
    try {
      URI uri = URI.create(url);
      if (uri.getHost() == null) {
        return null;
      }
      boolean usual = uri.getPort() < 0 || uri.getPort() == 80 || uri.getPort() == 443;
      return uri.getHost().toLowerCase(Locale.ROOT) + (usual ? "" : ":" + uri.getPort());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
