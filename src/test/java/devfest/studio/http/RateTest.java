package devfest.studio.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** Ten per minute: one is restored every six seconds. */
  private final Rate rate =
      new Rate(new Limit(10, Duration.ofMinutes(1), Code.TOO_MANY_REQUESTS, "things per minute"));

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
  void usersWithAllPermitsRestoredAreForgotten() {
    for (int i = 0; i < 5_000; i++) {
      assertTrue(rate.take("user" + i, i * SECOND).isEmpty());
    }
    assertEquals(10, taken("user1", 50, 5_000 * SECOND));
  }

  @Test
  void aRejectionStatesWhenToRetry() {
    for (int i = 0; i < 10; i++) {
      rate.take("ann");
    }
    Problem refused = assertThrows(Problem.class, () -> rate.take("ann"));
    assertEquals(429, refused.status());
    assertEquals("At most 10 things per minute are allowed.", refused.getMessage());
    assertTrue(refused.retryAfter().toSeconds() <= 6);
  }
}
