package devfest.studio.delivery;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import devfest.studio.outgoing.OutgoingException;
import devfest.studio.tracing.Tracing;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which URLs a receiver may have. */
class ReceiversTest {

  private static Receivers receivers(boolean allowPrivate) {
    return new Receivers(new DeliverySettings(allowPrivate, Duration.ofDays(1)), Tracing.off());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8080/",
        "https://localhost/",
        "http://[::1]/",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/"
      })
  void privateAddressesAreRefusedUnlessTheOperatorAllowsThem(String url) {
    OutgoingException refusal =
        assertThrows(OutgoingException.class, () -> receivers(false).check(URI.create(url)));
    assertEquals(OutgoingException.Reason.FORBIDDEN_ADDRESS, refusal.reason());
    assertDoesNotThrow(() -> receivers(true).check(URI.create(url)));
  }

  @Test
  void aHostThatIsNotKnownNowIsPermitted() {
    assertDoesNotThrow(() -> receivers(false).check(URI.create("https://nowhere.invalid/")));
  }
}
