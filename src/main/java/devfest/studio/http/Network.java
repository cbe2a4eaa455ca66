package devfest.studio.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IP addresses with a common prefix. Parses literals only and never queries DNS. An
 * IPv4-mapped IPv6 address ({@code ::ffff:192.0.2.7}) is treated as the IPv4 address. Immutable.
 */
public final class Network {

  private static final String BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern IPV4 = Pattern.compile(BYTE + "(?:\\." + BYTE + "){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*");
  private static final Pattern BRACKETED = Pattern.compile("\\[([^\\]]*)\\](?::\\d{1,5})?");
  private static final Pattern WITH_PORT = Pattern.compile("([0-9.]+):\\d{1,5}");

  /** Prefix length of IPv4-mapped IPv6 addresses (RFC 4291 § 2.5.5.2). */
  private static final int MAPPED_BITS = 96;

  /** A /64: the smallest IPv6 network that providers assign to a customer. */
  private static final int SITE_BYTES = 8;

  private final byte[] address;
  private final int prefix;

  private Network(byte[] address, int prefix) {
    this.address = address;
    this.prefix = prefix;
  }

  /**
   * Parses an address or a CIDR range such as {@code 192.0.2.7}, {@code 10.0.0.0/8} or {@code
   * 2001:db8::/32}. A single address may have brackets and a port.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  public static Network of(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    byte[] address =
        address(literal)
            .map(InetAddress::getAddress)
            .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not an IP address"));
    int bits = address.length * 8;
    if (slash < 0) {
      return new Network(address, bits);
    }
    boolean mapped = address.length == 4 && literal.indexOf(':') >= 0;
    String length = text.substring(slash + 1);
    int prefix = length.matches("\\d{1,3}") ? Integer.parseInt(length) : -1;
    prefix -= mapped ? MAPPED_BITS : 0;
    if (prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException("'" + text + "' is not a range of IP addresses");
    }
    return new Network(address, prefix);
  }

  /**
   * Parses an IP address in any notation; brackets, a zone and a port are ignored. Empty for
   * anything else, such as a host name.
   */
  public static Optional<InetAddress> address(String text) {
    String literal = text.strip();
    Matcher bracketed = BRACKETED.matcher(literal);
    Matcher withPort = WITH_PORT.matcher(literal);
    if (bracketed.matches()) {
      literal = bracketed.group(1);
    } else if (withPort.matches()) {
      literal = withPort.group(1);
    }
    literal = literal.replaceFirst("%.*", "");
    if (!IPV4.matcher(literal).matches() && !IPV6.matcher(literal).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(literal));
    } catch (UnknownHostException e) { // colons and digits, but not an address
      return Optional.empty();
    }
  }

  /**
   * Returns the unit in which clients are counted: the IPv4 address, or the /64 of an IPv6 address,
   * because one client usually owns the whole /64.
   */
  static String site(InetAddress address) {
    if (!(address instanceof Inet6Address)) {
      return address.getHostAddress();
    }
    byte[] site = Arrays.copyOf(address.getAddress(), SITE_BYTES);
    String hex = HexFormat.of().formatHex(site);
    return hex.replaceAll("(.{4})(?!$)", "$1:") + "::/64";
  }

  public boolean contains(InetAddress other) {
    byte[] bytes = other.getAddress();
    if (bytes.length != address.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      int mask = 0x80 >> (bit % 8);
      if (((bytes[bit / 8] ^ address[bit / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }
}
