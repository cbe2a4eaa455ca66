package devfest.studio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpositionTest {

  private static final String RIGHT =
      """
      # HELP events_total Some help.
      # TYPE events_total counter
      events_total{x="1"} 1.0
      events_total{x="2"} 1.0
      # HELP work_seconds Some help.
      # TYPE work_seconds histogram
      work_seconds_bucket{x="1",le="0.1"} 1
      work_seconds_bucket{x="1",le="+Inf"} 2
      work_seconds_count{x="1"} 2
      work_seconds_sum{x="1"} 0.5
      # HELP load Some help.
      # TYPE load gauge
      load NaN
      """;

  @Test
  void aValidExpositionHasNoFaults() {
    assertEquals(List.of(), Exposition.faults(RIGHT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x=\"2\"} 1.0 -> x=\"1\"} 1.0",
        "# TYPE events_total counter -> # TYPE events_total gauge",
        "load gauge -> load counter",
        "_count{x=\"1\"} 2 -> _count{x=\"1\"} 3",
        "le=\"0.1\"} 1 -> le=\"0.1\"} 3",
        "load NaN -> load nan",
        "load NaN -> weight NaN",
        "load NaN -> events_total 3",
        "# HELP load -> # HELP events_total",
      })
  void eachFaultIsFound(String change) {
    String[] both = change.split(" -> ");
    assertFalse(Exposition.faults(RIGHT.replace(both[0], both[1])).isEmpty());
  }

  @Test
  void namesAreChecked() {
    for (String name : List.of("work_ns", "work_count", "work_ms_used", "workLoad")) {
      String text = "# HELP %1$s h\n# TYPE %1$s gauge\n%1$s 1\n".formatted(name);
      assertEquals(1, Exposition.faults(text).size(), name);
    }
  }
}
