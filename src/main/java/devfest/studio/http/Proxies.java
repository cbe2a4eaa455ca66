package devfest.studio.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The trusted proxies, whose {@code Forwarded} (RFC 7239) and {@code X-Forwarded-For} headers are
 * used to find the client's address. Thread-safe.
 */
@ApplicationScoped
public class Proxies {

  /** One parameter of {@code Forwarded} and the comma or semicolon after it. */
  private static final Pattern PARAMETER =
      Pattern.compile(
          "\\s*+([^=;,\\s]*+)\\s*+(?:=\\s*+(\"(?:[^\"\\\\]++|\\\\.)*+\"|[^\",;]*+))?\\s*+([,;]|$)");

  private final List<Network> trusted;

  @Inject
  Proxies(ProxySettings settings) {
    this.trusted = settings.trusted();
  }

  /**
   * Parses a comma-separated list of addresses and CIDR ranges.
   *
   * @throws IllegalArgumentException if an element is neither
   */
  static List<Network> networks(String commaList) {
    return parts(commaList).stream().map(Network::of).toList();
  }

  /**
   * Returns the unit in which limits count the client: its address as the outermost trusted proxy
   * saw it, or the /64 of an IPv6 address.
   */
  public String client(HttpServletRequest request) {
    return client(
        request.getRemoteAddr(),
        Collections.list(request.getHeaders("Forwarded")),
        Collections.list(request.getHeaders("X-Forwarded-For")));
  }

  /**
   * Like {@link #client(HttpServletRequest)}, with the values of the headers.
   *
   * @param peer the address from which the connection comes
   */
  public String client(String peer, List<String> forwarded, List<String> forwardedFor) {
    Optional<InetAddress> nearest = Network.address(peer);
    if (nearest.isEmpty()) {
      return peer;
    }
    List<String> standard = nodes(String.join(",", forwarded));
    List<String> legacy = parts(String.join(",", forwardedFor));
    InetAddress client = client(nearest.get(), standard.isEmpty() ? legacy : standard);
    // A proxy that sets one of the two headers forwards the client's own value of the other.
    boolean ambiguous =
        !standard.isEmpty() && !legacy.isEmpty() && !client.equals(client(nearest.get(), legacy));
    return Network.site(ambiguous ? nearest.get() : client);
  }

  /** Walks from the nearest hop outward to the first that is not trusted or has no address. */
  private InetAddress client(InetAddress peer, List<String> hops) {
    InetAddress client = peer;
    for (int i = hops.size() - 1; i >= 0 && trusts(client); i--) {
      Optional<InetAddress> next = Network.address(hops.get(i));
      if (next.isEmpty()) {
        return client;
      }
      client = next.get();
    }
    return client;
  }

  private boolean trusts(InetAddress address) {
    return trusted.stream().anyMatch(network -> network.contains(address));
  }

  /** Returns the {@code for} of each element of {@code Forwarded}; empty text if it has none. */
  private static List<String> nodes(String header) {
    List<String> nodes = new ArrayList<>();
    if (header.isBlank()) {
      return nodes;
    }
    Matcher parameter = PARAMETER.matcher(header);
    String node = "";
    int at = 0;
    while (parameter.find(at) && parameter.start() == at) {
      if ("for".equalsIgnoreCase(parameter.group(1)) && parameter.group(2) != null) {
        node = unquoted(parameter.group(2));
      }
      if (!";".equals(parameter.group(3))) {
        nodes.add(node);
        node = "";
      }
      if (parameter.group(3).isEmpty()) {
        return nodes;
      }
      at = parameter.end();
    }
    return List.of(""); // malformed: the whole header is ignored
  }

  private static String unquoted(String value) {
    return value.startsWith("\"")
        ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1")
        : value;
  }

  private static List<String> parts(String commaList) {
    return Arrays.stream(commaList.split(","))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }
}
