package devfest.studio.webhooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.delivery.Outcome;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebhookTest {

  private static final Duration DAY = Duration.ofDays(1);

  private Instant now = Instant.parse("2026-11-21T10:42:00Z");

  private final Webhook webhook =
      new Webhook(
          "ann",
          false,
          new Webhook.Target(
              URI.create("https://example.org/"), List.of(), List.of(), Format.STANDARD),
          100,
          now);

  private static Outcome status(int status, Duration retryAfter) {
    return new Outcome(
        status, "The receiver responded.", Duration.ofMillis(5), Optional.of(retryAfter));
  }

  private Duration wait(Outcome outcome) {
    webhook.fail(outcome, 105, DAY, now);
    return Duration.between(now, Objects.requireNonNull(webhook.lease().dueAt()));
  }

  @Test
  void thePauseGrowsToTenMinutes() {
    Outcome failure = status(500, Duration.ZERO);
    assertTrue(wait(failure).compareTo(Duration.ofSeconds(7)) < 0);
    for (int i = 0; i < 20; i++) {
      Duration ignored = wait(failure);
    }
    Duration longest = wait(failure);
    assertTrue(longest.compareTo(Duration.ofMinutes(10)) >= 0, longest.toString());
    assertTrue(longest.compareTo(Duration.ofMinutes(13)) <= 0, longest.toString());
  }

  @Test
  void aReceiverCanProlongThePauseUpToAnHour() {
    assertEquals(Duration.ofMinutes(20), wait(status(503, Duration.ofMinutes(20))));
    assertEquals(Duration.ofHours(1), wait(status(503, Duration.ofDays(7))));
  }

  @Test
  void aBatchIsFormedAnewOnlyIfTheTargetChanges() {
    webhook.fail(status(500, Duration.ZERO), 105, DAY, now);
    webhook.change(webhook.target(), now);
    webhook.change(Webhook.Status.ACTIVE, now);
    assertEquals(105, webhook.retryTo());
    webhook.change(webhook.target().at(URI.create("https://example.com/")), now);
    assertNull(webhook.retryTo());
  }

  @Test
  void aWebhookThatFailsForADayIsDisabled() {
    webhook.fail(status(500, Duration.ZERO), 105, DAY, now);
    now = now.plus(DAY).minusMillis(1);
    for (int i = 0; i < 30; i++) {
      webhook.fail(status(500, Duration.ZERO), 105, DAY, now);
    }
    assertEquals(Webhook.Status.ACTIVE, webhook.status());
    now = now.plusMillis(1);
    webhook.fail(status(500, Duration.ZERO), 105, DAY, now);
    assertEquals(Webhook.Status.DISABLED, webhook.status());
    assertNull(webhook.lease().dueAt());
    assertTrue(
        String.valueOf(webhook.reason())
            .startsWith("Nothing was accepted since 2026-11-21T10:42:00.000Z."));
    assertEquals(100, webhook.progress().position());
  }

  @Test
  void timeInWhichTheStudioWasOffIsNoFailureOfTheReceiver() {
    webhook.fail(status(500, Duration.ZERO), 105, DAY, now);
    now = now.plus(DAY.multipliedBy(3));
    for (int i = 0; i < 22; i++) {
      webhook.fail(status(500, Duration.ZERO), 105, DAY, now);
    }
    assertEquals(Webhook.Status.ACTIVE, webhook.status());
    webhook.fail(status(500, Duration.ZERO), 105, DAY, now);
    assertEquals(Webhook.Status.DISABLED, webhook.status());
  }

  @Test
  void aDeliveryEndsTheFailures() {
    webhook.fail(status(500, Duration.ZERO), 105, DAY, now);
    assertEquals(105, webhook.retryTo());
    webhook.advance(105);
    assertNull(webhook.retryTo());
    now = now.plus(DAY).plus(DAY);
    webhook.fail(status(500, Duration.ZERO), 107, DAY, now);
    assertEquals(Webhook.Status.ACTIVE, webhook.status());
  }
}
