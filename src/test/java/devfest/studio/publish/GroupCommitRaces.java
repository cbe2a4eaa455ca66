package devfest.studio.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.events.Event;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Visibility;
import devfest.studio.security.Caller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that meet in a commit at the same moment, many times over. */
class GroupCommitRaces {

  private static final int ROUNDS = 5_000;
  private static final int REQUESTS = 4;
  private static final Caller ANN = new Caller("ann", null, Set.of(), null, null, null);

  /** A log in memory, which one commit at a time may append to; nothing else guards it. */
  private static final class Log extends Publisher {
    private final List<Event> events = new ArrayList<>();
    private boolean committing;

    Log() {
      super(null, null, null);
    }

    @Override
    List<LoggedEvent> append(Set<Caller> publishers, List<Event> more) {
      if (committing) {
        throw new IllegalStateException("two commits at a time");
      }
      committing = true;
      List<LoggedEvent> logged = new ArrayList<>();
      for (Event event : more) {
        events.add(event);
        logged.add(new LoggedEvent(events.size(), Instant.EPOCH, event));
      }
      committing = false;
      return logged;
    }
  }

  private final ExecutorService pool = Executors.newFixedThreadPool(REQUESTS);

  @AfterEach
  void stop() {
    pool.shutdownNow();
  }

  private static Event event(String data) {
    return Event.of("a").visibility(Visibility.PUBLIC).channel("events").data(data).build();
  }

  @Test
  void eachRequestReturnsWithItsOwnPositionsOneRightAfterTheOther() throws Exception {
    Log log = new Log();
    GroupCommit group = new GroupCommit(log);
    CyclicBarrier start = new CyclicBarrier(REQUESTS);
    for (int round = 1; round <= ROUNDS; round++) {
      List<Future<List<String>>> answers = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        List<Event> events = List.of(event(i + "a"), event(i + "b"));
        answers.add(
            pool.submit(
                () -> {
                  start.await();
                  return group.append(ANN, events);
                }));
      }
      for (int i = 0; i < REQUESTS; i++) {
        List<String> positions = answers.get(i).get(10, TimeUnit.SECONDS);
        int first = Integer.parseInt(positions.get(0));
        assertEquals(List.of("" + first, "" + (first + 1)), positions);
        assertEquals(i + "a", log.events.get(first - 1).data());
        assertEquals(i + "b", log.events.get(first).data());
      }
      assertEquals(2 * REQUESTS * round, log.events.size());
    }
  }
}
