package devfest.studio.tracing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.opentelemetry.context.Scope;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {

  private static final String CAUSE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final String OTHER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final Recorder spans = Spans.unrecorded();

  @Test
  void withoutAServerNothingIsTraced() {
    try (Scope scope = Spans.context(CAUSE).makeCurrent()) {
      assertNull(Trace.current(), scope::toString);
    }
  }

  @Test
  void theTextOfAStepSurvivesTheWayThroughAContext() {
    try (Scope scope = Spans.context(CAUSE).makeCurrent()) {
      assertEquals(CAUSE, Spans.current(), scope::toString);
    }
    assertNull(Spans.current());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
      })
  void aMalformedTextIsNoStep(String text) {
    assertNull(Spans.text(Spans.context(text)));
  }

  @Test
  void withoutTelemetryACauseIsPassedOn() {
    try (Step step = spans.after(Set.of(CAUSE), "work", false)) {
      assertEquals(CAUSE, Spans.current());
      step.failed("reason");
    }
    assertNull(Spans.current());
  }

  @Test
  void withoutTelemetrySeveralCausesAreNotPassedOn() {
    try (Step step = spans.after(Set.of(CAUSE, OTHER), "work", true)) {
      assertNull(Spans.current());
      step.failed(null);
    }
  }

  @Test
  void whatWasNotTracedIsNotTracedLater() {
    try (Scope scope = Spans.context(CAUSE).makeCurrent();
        Step step = spans.after(Set.of(), "work", false)) {
      assertNull(Spans.current(), scope::toString);
      step.failed(null);
    }
  }
}
