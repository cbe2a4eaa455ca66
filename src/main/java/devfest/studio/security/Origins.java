package devfest.studio.security;

import devfest.studio.http.Links;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The origins whose pages may use the studio, besides its own. Thread-safe. */
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
    return own != null && (own.equals(publicOrigin) || own.equals(authority("http://" + host)));
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
