package devfest.studio.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProxiesTest {

  private final Proxies proxies = new Proxies("10.0.0.1, 10.0.0.2");

  @Test
  void aTrustedProxySaysWhoTheClientIs() {
    assertEquals("192.0.2.7", proxies.client("10.0.0.1", List.of("192.0.2.7")));
  }

  @Test
  void whatTheClientItselfClaimsIsNotBelieved() {
    assertEquals("192.0.2.7", proxies.client("10.0.0.1", List.of("127.0.0.1", "192.0.2.7")));
    assertEquals("192.0.2.7", proxies.client("192.0.2.7", List.of("127.0.0.1")));
  }

  @Test
  void proxiesMayStandInARow() {
    assertEquals("192.0.2.7", proxies.client("10.0.0.2", List.of("192.0.2.7", "10.0.0.1")));
    assertEquals("10.0.0.1", proxies.client("10.0.0.1", List.of()));
  }
}
