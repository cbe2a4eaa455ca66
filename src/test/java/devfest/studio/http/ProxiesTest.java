package devfest.studio.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {

  private final Proxies proxies =
      new Proxies(
          new ProxySettings(
              Proxies.networks(
                  "10.0.0.1, [10.0.0.2]:443, 172.16.0.0/12, 2001:DB8:0::/48,"
                      + " ::ffff:192.168.0.0/112")));

  private String usual(String peer, String... hops) {
    return proxies.client(peer, List.of(), List.of(hops));
  }

  private String standard(String peer, String... elements) {
    return proxies.client(peer, List.of(elements), List.of());
  }

  @Test
  void aTrustedProxyNamesTheClient() {
    assertEquals("192.0.2.7", usual("10.0.0.1", "192.0.2.7"));
    assertEquals("192.0.2.7", standard("10.0.0.1", "for=192.0.2.7"));
  }

  @Test
  void aHeaderWrittenByTheClientIsNotTrusted() {
    assertEquals("192.0.2.7", usual("10.0.0.1", "127.0.0.1, 192.0.2.7"));
    assertEquals("192.0.2.7", usual("10.0.0.1", "127.0.0.1", "192.0.2.7"));
    assertEquals("192.0.2.7", usual("192.0.2.7", "127.0.0.1"));
    assertEquals("192.0.2.7", standard("10.0.0.1", "for=127.0.0.1, for=192.0.2.7"));
    assertEquals("192.0.2.7", standard("192.0.2.7", "for=127.0.0.1"));
  }

  @Test
  void proxiesCanBeChained() {
    assertEquals("192.0.2.7", usual("10.0.0.2", "192.0.2.7, 10.0.0.1"));
    assertEquals("192.0.2.7", standard("10.0.0.2", "for=192.0.2.7", "for=10.0.0.1;proto=https"));
    assertEquals("10.0.0.1", usual("10.0.0.1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        "::ffff:10.0.0.1",
        "::FFFF:0a00:0001",
        "[::ffff:10.0.0.1]",
        "10.0.0.2",
        "172.31.255.255",
        "192.168.0.9",
        "2001:db8:0:ffff::1",
        "2001:0DB8:0000:0001:0000:0000:0000:0001",
        "2001:db8::1%eth0"
      })
  void everySpellingOfAProxyAddressIsRecognised(String peer) {
    assertEquals("192.0.2.7", usual(peer, "192.0.2.7"));
    assertEquals("192.0.2.7", usual("10.0.0.1", "192.0.2.7, " + peer));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.3", "172.32.0.0", "192.169.0.0", "2001:db8:1::1", "::a00:1"})
  void addressesOutsideTheRangesAreNotTrusted(String peer) {
    assertEquals(usual(peer), usual(peer, "192.0.2.7"));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7:4711, 192.0.2.7",
    "::ffff:192.0.2.7, 192.0.2.7",
    "[::ffff:192.0.2.7]:4711, 192.0.2.7",
    "2001:db8:1:2:3:4:5:6, 2001:0db8:0001:0002::/64",
    "2001:DB8:1:2::9, 2001:0db8:0001:0002::/64",
    "[2001:db8:1:2::9]:4711, 2001:0db8:0001:0002::/64",
    "[2001:db8:1:2::9], 2001:0db8:0001:0002::/64"
  })
  void everySpellingOfAClientAddressIsNormalised(String hop, String counted) {
    assertEquals(counted, usual("10.0.0.1", hop));
    assertEquals(counted, standard("10.0.0.1", "For=\"" + hop + "\""));
    assertEquals(counted, usual(hop), "without a proxy");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown",
        "_hidden",
        "localhost",
        "192.0.2.300",
        "1.2",
        "192.0.2.07",
        "::1::2",
        "[::1",
        "",
      })
  void theChainEndsWhereAHopHasNoAddress(String hop) {
    assertEquals("10.0.0.1", usual("10.0.0.1", "192.0.2.7, " + (hop.isEmpty() ? "-" : hop)));
    assertEquals("10.0.0.1", standard("10.0.0.1", "for=192.0.2.7, for=\"" + hop + "\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for=192.0.2.9, proto=http",
        "for=192.0.2.9, for=\"192.0.2.8",
        "for=192.0.2.9,",
        "for",
        "for=\"a\"b, for=192.0.2.9",
        "for=192.0.2.9,by=\"x,for=192.0.2.8\""
      })
  void aMalformedElementIsNotTrusted(String header) {
    assertEquals("10.0.0.1", standard("10.0.0.1", header));
  }

  @Test
  void quotedTextMayContainSeparators() {
    assertEquals(
        "192.0.2.7",
        standard("10.0.0.1", "by=\"a,b;for=1.1.1.1\\\"\" ; FOR=192.0.2.7;host=\"x,y\";proto=http"));
  }

  @Test
  void conflictingHeadersAreBothIgnored() {
    List<String> standard = List.of("for=192.0.2.7");
    assertEquals("192.0.2.7", proxies.client("10.0.0.1", standard, List.of("192.0.2.7")));
    assertEquals("10.0.0.1", proxies.client("10.0.0.1", standard, List.of("192.0.2.8")));
    assertEquals("10.0.0.1", proxies.client("10.0.0.1", List.of("x y"), List.of("192.0.2.8")));
  }

  @Test
  void aLongHeaderIsParsedQuickly() {
    String long1 = " ".repeat(100_000) + "\"";
    String long2 = "for=\"" + "\\a".repeat(50_000);
    assertEquals("10.0.0.1", standard("10.0.0.1", long1));
    assertEquals("10.0.0.1", standard("10.0.0.1", long2));
    assertEquals("10.0.0.1", usual("10.0.0.1", "172.16.0.1,".repeat(1) + long1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proxy.example",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10/8",
        "::/129",
        "::ffff:10.0.0.0/8"
      })
  void onlyAddressesCanBeConfiguredAsTrusted(String entry) {
    assertThrows(IllegalArgumentException.class, () -> Proxies.networks("10.0.0.1," + entry));
  }
}
