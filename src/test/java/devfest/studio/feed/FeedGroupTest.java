package devfest.studio.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FeedGroupTest {

  private final FeedGroup group = new FeedGroup(null, emptied -> {});

  /** Schedules as {@link FeedGroups} does. */
  @Test
  void aThousandChangesInASecondAreConflatedAndTheLastIsSent() throws Exception {
    AtomicInteger state = new AtomicInteger();
    AtomicInteger sent = new AtomicInteger();
    AtomicInteger times = new AtomicInteger();
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    long begun = System.nanoTime();
    for (int i = 1; i <= 1_000; i++) {
      state.set(i);
      long delay = group.changed();
      if (delay >= 0) {
        var ignored =
            clock.schedule(
                () -> {
                  group.sending();
                  sent.set(state.get());
                  times.incrementAndGet();
                },
                delay,
                TimeUnit.NANOSECONDS);
      }
      TimeUnit.MICROSECONDS.sleep(900);
    }
    long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun) + 1);
    clock.shutdown();
    assertTrue(clock.awaitTermination(5, TimeUnit.SECONDS));
    assertEquals(1_000, sent.get());
    assertTrue(times.get() <= 10 * seconds + 2, () -> times + " in about " + seconds + " s");
    assertTrue(times.get() >= 5, () -> "only " + times);
  }

  @Test
  void theFirstChangeIsSentAtOnceAndTheSecondAfterAPause() {
    assertEquals(0, group.changed());
    assertEquals(-1, group.changed());
    group.sending();
    long delay = group.changed();
    assertTrue(delay > 0 && delay <= FeedGroups.PAUSE_NANOS);
  }
}
