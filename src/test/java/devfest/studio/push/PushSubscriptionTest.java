package devfest.studio.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.delivery.Outcome;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PushSubscriptionTest {

  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final PushSubscription.Browser BROWSER =
      new PushSubscription.Browser(URI.create("https://push.example.org/1"), "key", "auth");

  @Test
  void subscribingAgainDoesNotShortenThePauseAfterAFailure() {
    PushSubscription subscription = new PushSubscription("ann", BROWSER, "en", 7, NOW);
    Outcome failure = new Outcome(500, "It failed.", Duration.ZERO, Optional.empty());
    assertTrue(subscription.fail(failure, Duration.ofDays(1), NOW));
    Instant due = subscription.lease().dueAt();
    subscription.lease().claim("by", NOW, Duration.ofSeconds(20));
    assertFalse(subscription.renew(BROWSER, "en"));
    assertTrue(subscription.lease().isClaimed(NOW), "a page repeats its request at each start");
    assertTrue(subscription.renew(BROWSER, "fr"));
    assertFalse(subscription.lease().isClaimed(NOW), "an attempt has the old keys");
    assertEquals(due, subscription.lease().dueAt());
    assertEquals("fr", subscription.language());
  }
}
