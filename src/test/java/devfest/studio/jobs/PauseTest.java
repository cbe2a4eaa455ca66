package devfest.studio.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PauseTest {

  private long now = Long.MAX_VALUE - 1; // the clock may overflow
  private final Pause pause = new Pause(() -> now);

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private static void assertAbout(long seconds, Duration length) {
    assertTrue(length.toMillis() >= seconds * 1_000, length::toString);
    assertTrue(length.toMillis() <= seconds * 1_250, length::toString);
  }

  @Test
  void eachPauseIsTwiceAsLongUpToFifteenSeconds() {
    assertFalse(pause.isOn());
    for (long seconds : new long[] {5, 10, 15, 15}) {
      Duration length = pause.begin();
      assertAbout(seconds, length);
      pass(length.minusNanos(1));
      assertTrue(pause.isOn());
      pass(Duration.ofNanos(1));
      assertFalse(pause.isOn());
    }
  }

  @Test
  void jobsThatMeetTheSameOutageShareAPause() {
    Duration length = pause.begin();
    pass(Duration.ofSeconds(2));
    assertEquals(length.minusSeconds(2), pause.begin());
  }

  @Test
  void aSuccessEndsThePauseAndTheNextOneIsShort() {
    pass(pause.begin());
    assertAbout(10, pause.begin());
    pause.end();
    assertFalse(pause.isOn());
    assertAbout(5, pause.begin());
  }
}
