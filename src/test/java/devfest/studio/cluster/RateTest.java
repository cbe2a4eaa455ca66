package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.settings.Frequency;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Ten per minute: one is restored every six seconds. */
  private final Rate rate = new Rate(new Frequency(10, Duration.ofMinutes(1)));

  private long taken(String user, int times, long now) {
    return IntStream.range(0, times).filter(i -> rate.take(user, now).isEmpty()).count();
  }

  @Test
  void aBurstUpToTheLimitIsAccepted() {
    assertEquals(10, taken("ann", 50, 0));
    assertEquals(Optional.of(Duration.ofSeconds(6)), rate.take("ann", 0));
  }

  @Test
  void permitsAreRestoredOneByOne() {
    assertEquals(10, taken("ann", 50, 0));
    assertEquals(0, taken("ann", 1, 5 * SECOND));
    assertEquals(1, taken("ann", 5, 6 * SECOND));
    assertEquals(9, taken("ann", 50, 60 * SECOND));
    assertEquals(10, taken("ann", 50, 900 * SECOND));
  }

  @Test
  void usersHaveIndependentLimits() {
    assertEquals(10, taken("ann", 50, 0));
    assertEquals(10, taken("bob", 50, 0));
  }

  @Test
  void racingRequestsDoNotExceedTheLimit() {
    long taken =
        IntStream.range(0, 1_000).parallel().filter(i -> rate.take("ann", 0).isEmpty()).count();
    assertEquals(10, taken);
  }

  @Test
  void aFrequentKeyIsRememberedAmongCountlessOthers() {
    assertEquals(10, taken("ann", 50, 0));
    for (int i = 0; i < 5 * Rate.MAX_KEYS; i++) {
      rate.take("address" + i, 0);
      if (i % 1_000 == 0) {
        assertEquals(0, taken("ann", 1, 0));
      }
    }
    assertEquals(10, taken("address0", 50, 0), "the memory is bounded");
  }

  @Test
  void theCountOfAllNodesReplacesThatOfThisNode() {
    assertEquals(1, taken("ann", 1, 0));
    rate.set("ann", Duration.ofMinutes(1), 0, 0);
    assertEquals(Optional.of(Duration.ofSeconds(6)), rate.take("ann", 0));
    rate.set("ann", Duration.ZERO, 0, 0);
    assertEquals(10, taken("ann", 50, 0));
  }

  @Test
  void aCreditIsSpentOnceAndExpiresWhenItIsRegained() {
    assertFalse(rate.spend("ann", 0));
    rate.set("ann", Duration.ofSeconds(18), 2, 0);
    assertTrue(rate.spend("ann", 0));
    assertTrue(rate.spend("ann", 17 * SECOND));
    assertFalse(rate.spend("ann", 17 * SECOND));
    rate.set("ann", Duration.ofSeconds(18), 2, 0);
    assertFalse(rate.spend("ann", 18 * SECOND));
    assertEquals(9, taken("ann", 50, 0), "the credit is not counted before it is spent");
  }
}
