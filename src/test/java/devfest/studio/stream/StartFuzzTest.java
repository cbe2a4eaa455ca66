package devfest.studio.stream;

import com.code_intelligence.jazzer.junit.FuzzTest;
import devfest.studio.http.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Any position or instant of a client is understood or refused. */
class StartFuzzTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:42:00Z");

  @FuzzTest(maxDuration = "10m")
  void positions(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    try {
      long position = Start.position(Start.present(text).orElse(""));
      if (position < 0 || position >= 1_000_000_000_000_000_000L) {
        throw new AssertionError("A position out of range: " + position);
      }
    } catch (Problem e) {
      // refused
    }
  }

  @FuzzTest(maxDuration = "10m")
  void instants(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);
    try {
      Instant instant = Start.instant(Start.present(text).orElse(""), NOW);
      if (instant.isBefore(Instant.EPOCH)) {
        throw new AssertionError("An instant out of range: " + instant);
      }
    } catch (Problem e) {
      // refused
    }
  }
}
