package devfest.studio.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The proxies whose {@code X-Forwarded-For} is believed. */
@ApplicationScoped
public class Proxies {

  private final Set<String> trusted;

  @Inject
  Proxies(@ConfigProperty(name = "studio.trusted-proxies") Optional<String> trustedProxies) {
    this(trustedProxies.orElse(""));
  }

  /**
   * @param trustedProxies addresses, parted by commas
   */
  Proxies(String trustedProxies) {
    this.trusted = Set.copyOf(parts(trustedProxies));
  }

  protected Proxies() {
    this("");
  }

  /** The address of the client, as the last trusted proxy saw it. */
  public String client(HttpServletRequest request) {
    List<String> forwarded = new ArrayList<>();
    for (String header : Collections.list(request.getHeaders("X-Forwarded-For"))) {
      forwarded.addAll(parts(header));
    }
    return client(request.getRemoteAddr(), forwarded);
  }

  /** From the nearest hop outward: what somebody untrusted says of those before is not believed. */
  String client(String peer, List<String> forwarded) {
    String client = peer;
    for (int i = forwarded.size() - 1; i >= 0 && trusted.contains(client); i--) {
      client = forwarded.get(i);
    }
    return client;
  }

  private static List<String> parts(String commaList) {
    List<String> parts = new ArrayList<>();
    for (String part : commaList.split(",")) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }
}
