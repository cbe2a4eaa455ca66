package devfest.studio.outgoing;

import devfest.studio.http.Network;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The addresses to which a request may connect. */
public enum Reach {

  /** Any address, for URLs that the operator configures. */
  ANYWHERE,

  /**
   * Addresses on the public internet, for URLs that users choose: no private, loopback, link-local,
   * metadata, multicast or reserved address.
   */
  PUBLIC;

  /**
   * The special-purpose registries of IANA, and Azure's metadata service, which is outside them.
   */
  private static final List<Network> SPECIAL =
      Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10",
              "127.0.0.0/8",
              "168.63.129.16",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24",
              "192.88.99.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/3",
              "2001::/23",
              "2001:db8::/32",
              "2002::/16",
              "3fff::/20")
          .map(Network::of)
          .toList();

  /** The only range of IPv6 from which public addresses are assigned. */
  private static final Network GLOBAL = Network.of("2000::/3");

  /** NAT64: the last four bytes are an IPv4 address (RFC 6052). */
  private static final Network TRANSLATED = Network.of("64:ff9b::/96");

  /**
   * @throws OutgoingException if a request may not connect to an address
   */
  void check(InetAddress address) throws OutgoingException {
    if (!allows(address)) {
      throw new OutgoingException(
          OutgoingException.Reason.FORBIDDEN_ADDRESS,
          "has an address that is not on the public internet");
    }
  }

  boolean allows(InetAddress address) {
    if (this == ANYWHERE) {
      return true;
    }
    if (address instanceof Inet6Address && TRANSLATED.contains(address)) {
      return allows(translated(address));
    }
    return (!(address instanceof Inet6Address) || GLOBAL.contains(address))
        && SPECIAL.stream().noneMatch(range -> range.contains(address));
  }

  private static InetAddress translated(InetAddress address) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), 12, 16));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("Four bytes are an address", e);
    }
  }
}
