package devfest.studio.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {

  private static final long GRACE = Duration.ofSeconds(30).toNanos();
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  @Test
  void noRateIsRequiredInTheFirstHalfMinute() {
    for (long nanos : new long[] {-1, 0, 1, GRACE - 1, GRACE, GRACE + 1}) {
      assertEquals(false, Pace.isTooSlow(0, nanos), nanos + " ns");
    }
    assertEquals(true, Pace.isTooSlow(0, GRACE + 1_000_000));
  }

  @ParameterizedTest
  @CsvSource({"1, 16384", "2, 32768", "60, 983040", "3600, 58982400", "1000000000, 16384000000000"})
  void afterThatSixteenKilobytesPerSecondAreRequired(long seconds, long bytes) {
    long nanos = GRACE + seconds * SECOND;
    assertEquals(true, Pace.isTooSlow(bytes - 1, nanos));
    assertEquals(false, Pace.isTooSlow(bytes, nanos));
  }

  @Test
  void theLongestTimeDoesNotOverflow() {
    assertEquals(true, Pace.isTooSlow(0, Long.MAX_VALUE));
    assertEquals(false, Pace.isTooSlow(Long.MAX_VALUE, Long.MAX_VALUE));
  }
}
