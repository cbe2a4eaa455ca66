package devfest.studio.feeds.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CountdownTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.250Z");

  private final Countdown countdown = new Countdown(Duration.ofHours(1));

  private static Instant after(double seconds) {
    return NOON.plusMillis(Math.round(seconds * 1_000));
  }

  private void assertState(double remaining, double elapsed, boolean running, double at) {
    Countdown.State state = countdown.at(after(at));
    assertEquals(remaining, state.remaining().doubleValue());
    assertEquals(elapsed, state.elapsed().doubleValue());
    assertEquals(running, state.running());
    assertEquals(after(at).toEpochMilli(), state.timestamp().movePointRight(3).longValueExact());
  }

  @Test
  void itIsPausedUntilItIsStarted() {
    assertState(3_600, 0, false, 500);
    countdown.start(null, after(500));
    assertState(3_599, 1, true, 501);
  }

  @Test
  void startingAndPausingTwiceChangesNothing() {
    countdown.start(null, after(0));
    countdown.start(null, after(10));
    assertState(3_580, 20, true, 20);
    countdown.pause(after(30));
    countdown.pause(after(40));
    assertState(3_570, 30, false, 1_000);
  }

  @Test
  void anHourOfTicksHasNoDrift() {
    countdown.start(Duration.ofHours(2), after(0));
    Instant now = after(0);
    for (int second = 0; second < 3_600; second++) {
      now = now.plus(countdown.untilNextSecond(now).orElseThrow()).plusMillis(second % 7);
      Countdown.State state = countdown.at(now);
      BigDecimal since = state.timestamp().subtract(BigDecimal.valueOf(NOON.toEpochMilli(), 3));
      assertEquals(0, since.compareTo(state.elapsed()));
      assertTrue(state.elapsed().doubleValue() - (second + 1) < 0.1, () -> "late: " + state);
    }
    assertEquals(3_600, Math.floor(countdown.at(now).elapsed().doubleValue()));
  }

  @Test
  void aSlightlyEarlyTickIsNotFollowedByAnotherAtOnce() {
    countdown.start(null, after(0));
    assertEquals(Optional.of(Duration.ofMillis(1_010)), countdown.untilNextSecond(after(0.99)));
  }

  @Test
  void itEndsAtZeroAndNotBelow() {
    countdown.start(Duration.ofSeconds(5), after(0));
    assertEquals(Optional.of(Duration.ofMillis(500)), countdown.untilNextSecond(after(4.5)));
    assertState(0, 5, false, 5);
    assertState(0, 5, false, 9_999);
    assertEquals(Optional.empty(), countdown.untilNextSecond(after(5)));
    assertThrows(TimerOver.class, () -> countdown.start(null, after(6)));
    countdown.start(Duration.ofSeconds(7), after(6));
    assertState(6, 1, true, 7);
  }

  @Test
  void aPenaltyReducesTheRemainingTimeRunningOrPaused() {
    countdown.penalise(Duration.ofSeconds(60), after(0));
    assertState(3_540, 60, false, 0);
    countdown.start(null, after(0));
    countdown.penalise(Duration.ofSeconds(40), after(10));
    assertState(3_480, 120, true, 20);
    countdown.penalise(Duration.ofDays(1), after(20));
    assertState(0, 3_600, false, 20);
    assertThrows(TimerOver.class, () -> countdown.penalise(Duration.ofSeconds(1), after(21)));
  }

  @Test
  void aCompletedCountdownStaysStoppedUntilItIsReset() {
    countdown.start(null, after(0));
    countdown.complete(after(100));
    assertState(3_500, 100, false, 200);
    assertTrue(countdown.at(after(200)).gameCompleted());
    assertThrows(TimerOver.class, () -> countdown.start(null, after(200)));
    countdown.reset(null);
    assertFalse(countdown.at(after(200)).gameCompleted());
    assertState(3_600, 0, false, 300);
  }

  @Test
  void aClockThatGoesBackDoesNotAddTime() {
    countdown.start(null, after(0));
    assertState(3_600, 0, true, -5);
  }
}
