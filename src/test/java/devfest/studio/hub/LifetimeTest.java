package devfest.studio.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LifetimeTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Limits LIMITS =
      new Limits(
          1,
          1,
          1,
          Duration.ofSeconds(15),
          Duration.ofSeconds(2),
          Duration.ofMinutes(60),
          Duration.ofMinutes(2));

  private static Lifetime lifetime(Heartbeat heartbeat, Instant tokenEnd) {
    return new Lifetime(LIMITS, heartbeat, tokenEnd, NOON, 0);
  }

  private static long seconds(long n) {
    return TimeUnit.SECONDS.toNanos(n);
  }

  @Test
  void itLastsAsConfiguredPlusOrMinusATenth() {
    Lifetime lifetime = lifetime(Heartbeat.COMMENT, null);
    assertEquals(Optional.empty(), lifetime.closeReason(NOON.plusSeconds(54 * 60 - 1)));
    assertEquals(Optional.of("lifetime"), lifetime.closeReason(NOON.plusSeconds(66 * 60)));
  }

  @Test
  void itEndsWithTheTokenIfThatIsSooner() {
    Instant tokenEnd = NOON.plusSeconds(60);
    Lifetime lifetime = lifetime(Heartbeat.COMMENT, tokenEnd);
    assertEquals(Optional.empty(), lifetime.closeReason(tokenEnd.minusMillis(1)));
    assertEquals(Optional.of("token_expired"), lifetime.closeReason(tokenEnd));
    Lifetime longer = lifetime(Heartbeat.COMMENT, NOON.plusSeconds(3 * 3600));
    assertEquals(Optional.of("lifetime"), longer.closeReason(NOON.plusSeconds(2 * 3600)));
  }

  @Test
  void aClientThatReadsNothingForTooLongHasStalled() {
    Lifetime lifetime = lifetime(Heartbeat.COMMENT, null);
    assertFalse(lifetime.isStalled(seconds(120)));
    assertTrue(lifetime.isStalled(seconds(121)));
  }

  @Test
  void aCommentIsDueOnlyOnAQuietStream() {
    Lifetime lifetime = lifetime(Heartbeat.COMMENT, null);
    assertFalse(lifetime.takeHeartbeat(seconds(100), seconds(11)));
    assertTrue(lifetime.takeHeartbeat(seconds(100), seconds(15)));
  }

  @Test
  void aVisibleHeartbeatIsDueEvenOnABusyStream() {
    Lifetime lifetime = lifetime(Heartbeat.EVENT, null);
    assertFalse(lifetime.takeHeartbeat(seconds(11), 0));
    assertTrue(lifetime.takeHeartbeat(seconds(15), 0));
    assertFalse(lifetime.takeHeartbeat(seconds(26), 0), "counted from the one before");
    assertTrue(lifetime.takeHeartbeat(seconds(30), 0));
  }

  @Test
  void aProbedStreamHasFasterHeartbeatsUntilEveryProbeIsWithdrawn() {
    Lifetime lifetime = lifetime(Heartbeat.COMMENT, null);
    lifetime.probe(true);
    lifetime.probe(true);
    assertTrue(lifetime.takeHeartbeat(seconds(3), seconds(2)));
    assertFalse(lifetime.takeHeartbeat(seconds(4), seconds(1)));
    lifetime.probe(false);
    assertTrue(lifetime.takeHeartbeat(seconds(6), seconds(2)));
    lifetime.probe(false);
    assertFalse(lifetime.takeHeartbeat(seconds(9), seconds(2)));
  }
}
