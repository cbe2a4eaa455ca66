package devfest.studio.delivery;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import devfest.studio.outgoing.OutgoingException;
import devfest.studio.outgoing.Request;
import devfest.studio.tracing.Tracing;
import devfest.studio.webhooks.Receiver;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which URLs a receiver may have, and what it may request. */
class ReceiversTest {

  private static Receivers receivers(boolean allowPrivate) {
    return new Receivers(
        new DeliverySettings(allowPrivate, Duration.ofDays(1)),
        Tracing.off(),
        Clock.fixed(Instant.parse("2026-11-27T12:00:00Z"), ZoneOffset.UTC));
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

  @ParameterizedTest
  @CsvSource({
    "90,PT1M30S",
    "999999999,PT277777H46M39S",
    "'Fri, 27 Nov 2026 12:20:00 GMT',PT20M",
    "'Fri, 27 Nov 2026 11:00:00 GMT',PT-1H",
    "soon,",
    "9e9,",
    "99999999999999999999,"
  })
  void aReceiverRequestsAPauseInSecondsOrUntilADate(String header, @Nullable Duration pause)
      throws Exception {
    try (Receiver receiver = new Receiver()) {
      receiver.next(Receiver.Answer.status(503, "Retry-After", header));
      Request request = Request.post(URI.create(receiver.url()), Map.of(), new byte[0]);
      Outcome outcome = receivers(true).send(Receivers.Kind.WEBHOOK, Set.of(), () -> request);
      assertEquals(503, outcome.status());
      assertEquals(Optional.ofNullable(pause), outcome.retryAfter());
    }
  }

  @Test
  void aHostThatIsNotKnownNowIsPermitted() {
    assertDoesNotThrow(() -> receivers(false).check(URI.create("https://nowhere.invalid/")));
  }
}
