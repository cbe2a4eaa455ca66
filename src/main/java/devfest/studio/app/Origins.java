package devfest.studio.app;

import devfest.studio.security.DevMode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Whose pages may use the studio besides its own. Safe for use from many threads. */
@ApplicationScoped
class Origins {

  private static final String DEV_ORIGIN = "http://localhost:3000";

  private final Set<String> allowed = new HashSet<>();

  @Inject
  Origins(
      @ConfigProperty(name = "studio.cors.allowed-origins") Optional<String> list,
      DevMode devMode) {
    list.ifPresent(all -> Arrays.stream(all.split(",")).map(String::strip).forEach(allowed::add));
    if (devMode.on()) {
      allowed.add(DEV_ORIGIN);
    }
  }

  protected Origins() {}

  /** Whether the origin is one of those that are named. */
  boolean names(String origin) {
    return allowed.contains(origin);
  }

  /** Whether any origin may come, without credentials. */
  boolean any() {
    return allowed.contains("*");
  }

  /**
   * Whether it is the origin of the studio's own pages.
   *
   * @param host that the browser asked for
   */
  static boolean isOwn(String origin, String host) {
    try {
      return URI.create(origin).getAuthority() != null
          && URI.create(origin).getAuthority().equalsIgnoreCase(host);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
