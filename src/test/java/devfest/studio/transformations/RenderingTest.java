package devfest.studio.transformations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import devfest.studio.jobs.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RenderingTest {

  private final Attempt attempt = new Attempt("job", "", Optional.empty());
  private final List<Double> reported = new ArrayList<>();
  private final Rendering rendering =
      new Rendering(attempt, (fraction, step) -> reported.add(fraction));

  @Test
  void reportsProgressInTenths() {
    rendering.step("styling", 0.3, 0.8);
    for (int i = 0; i <= 100; i++) {
      rendering.at(i / 100.0);
    }
    assertEquals(List.of(0.3, 0.4, 0.5, 0.6, 0.7, 0.8), reported);
  }

  @Test
  void throwsAtTheNextProgressOnceTheAttemptIsStopped() {
    rendering.step("styling", 0, 1);
    attempt.stop(Attempt.Stop.SHUTDOWN);
    assertThrows(Attempt.StoppedException.class, () -> rendering.at(0.01));
  }

  @Test
  void throwsOnceTheTimeIsOver() {
    Attempt late = new Attempt("job", "", Optional.of(Duration.ofNanos(-1)));
    Rendering overdue = new Rendering(late, (fraction, step) -> {});
    assertThrows(Attempt.StoppedException.class, () -> overdue.step("decoding", 0, 0.3));
    assertEquals(Optional.of(Attempt.Stop.TIMEOUT), late.stopped());
  }
}
