package devfest.studio.app.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PendingTest {

  private static final int MB = 1024 * 1024;
  private static final int RATE = 16 * 1024;

  /** The begin; near the end of the range, because nanoTime may overflow. */
  private static final long START = Long.MAX_VALUE - 5;

  private static long at(long seconds) {
    return START + Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void aConnectionWithNothingToSendIsNeverTooSlow() {
    assertFalse(Pending.empty(START).isTooSlow(at(3_600)));
    assertFalse(Pending.empty(START).next(MB, at(1)).next(0, at(2)).isTooSlow(at(3_600)));
  }

  @Test
  void bytesThatDoNotMoveForHalfAMinuteAreTooSlow() {
    Pending pending = Pending.empty(START).next(MB, at(100));
    assertSame(pending, pending.next(MB, at(130)));
    assertFalse(pending.isTooSlow(at(130)));
    assertTrue(pending.isTooSlow(at(130) + 1));
  }

  @Test
  void bytesThatMoveSlowerThanTheMinimumRateAreTooSlow() {
    Pending pending = Pending.empty(START).next(MB, START);
    for (int second = 10; second <= 40; second += 10) {
      pending = pending.next(MB - second, at(second));
    }
    assertEquals(at(40), pending.moved());
    assertTrue(pending.isTooSlow(at(40)), "although they have just moved");
  }

  @Test
  void bytesThatMoveAtTheMinimumRateAreNotTooSlow() {
    Pending pending = Pending.empty(START).next(MB, START);
    for (int second = 1; second <= 60; second++) {
      pending = pending.next(MB - second * RATE, at(second));
      assertFalse(pending.isTooSlow(at(second)), second + " s");
    }
  }

  @Test
  void bytesThatAreAddedBeginANewTime() {
    Pending pending = Pending.empty(START).next(MB, START).next(MB - 1, at(29)).next(MB, at(30));
    assertEquals(new Pending(MB, at(30), at(30), MB), pending);
    assertFalse(pending.isTooSlow(at(60)));
    assertTrue(pending.isTooSlow(at(60) + 1));
  }
}
