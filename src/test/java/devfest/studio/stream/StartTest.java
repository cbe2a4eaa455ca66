package devfest.studio.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import devfest.studio.http.Problem;
import devfest.studio.log.LogBounds;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartTest {

  private static final LogBounds LOG = new LogBounds(1_000, 1_010, 1_050);

  private static Start resume(String position) {
    return Start.resume(position, held -> false, () -> LOG);
  }

  @Test
  void aPositionInMemoryNeedsNoLogAccess() {
    Start start = Start.resume("1040", held -> held == 1_040, () -> fail("looked"));
    assertEquals(Start.live(1_040), start);
  }

  @ParameterizedTest
  @ValueSource(longs = {1_010, 1_020, 1_050})
  void aPositionInTheLogResumesThere(long position) {
    assertEquals(new Start(position, null, LOG), resume(Long.toString(position)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000, 1_009})
  void aPrunedPositionResumesAtTheOldestEventAndReportsIt(long position) {
    assertEquals(new Start(1_010, "expired", LOG), resume(Long.toString(position)));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 999, 1_051})
  void aPositionOfAnotherLogContinuesLiveAndReportsIt(long position) {
    assertEquals(new Start(1_050, "unknown", LOG), resume(Long.toString(position)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "1.5", "1234567890123456789012", "12a"})
  void aMalformedPositionIsRejected(String position) {
    assertEquals(400, assertThrows(Problem.class, () -> resume(position)).status());
  }

  @Test
  void sinceIsAnInstantOrADurationBack() {
    Instant noon = Instant.parse("2026-11-21T12:00:00Z");
    assertEquals(noon.minusSeconds(600), Start.instant("PT10M", noon));
    assertEquals(noon, Start.instant("2026-11-21T12:00:00Z", noon));
    assertThrows(Problem.class, () -> Start.instant("yesterday", noon));
    for (String far : new String[] {"+999999999-12-31T23:59:59Z", "P300000D", "PT-99999999999H"}) {
      assertThrows(Problem.class, () -> Start.instant(far, noon), far);
    }
  }

  @Test
  void anEmptyValueIsAbsent() {
    assertEquals(true, Start.present(" ").isEmpty());
    assertEquals(true, Start.present(null).isEmpty());
    assertNull(Start.live(5).reset());
  }
}
