package devfest.studio.transformations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import devfest.studio.images.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkTest {

  private static final Job JOB = new Job("job", "photo", "vintage", "claim");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void passesProgressOnInTenths() {
    List<Double> told = new ArrayList<>();
    Work work = new Work(JOB, MINUTE, (fraction, step) -> told.add(fraction));
    Progress progress = work.step("styling", 0.3, 0.8);
    for (int i = 0; i <= 100; i++) {
      progress.at(i / 100.0);
    }
    assertEquals(List.of(0.3, 0.4, 0.5, 0.6, 0.7, 0.8), told);
  }

  @Test
  void stopsWhenTheJobIsNoLongerTheWorkers() {
    Work work = new Work(JOB, MINUTE, (fraction, step) -> false);
    assertThrows(Work.StoppedException.class, () -> work.step("decoding", 0, 0.3));
    assertEquals(Work.Stop.LOST, work.stopped());
  }

  @Test
  void stopsWhenTold() {
    Work work = new Work(JOB, MINUTE, (fraction, step) -> true);
    Progress progress = work.step("styling", 0, 1);
    work.stop(Work.Stop.SHUTDOWN);
    assertThrows(Work.StoppedException.class, () -> progress.at(0.01));
  }

  @Test
  void stopsAtItsDeadlineWithoutHavingBeenTold() {
    Work work = new Work(JOB, Duration.ofNanos(-1), (fraction, step) -> true);
    assertThrows(Work.StoppedException.class, () -> work.step("decoding", 0, 0.3));
    assertNull(work.stopped());
  }
}
