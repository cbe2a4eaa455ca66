package devfest.studio.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.events.Event;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Visibility;
import devfest.studio.security.Caller;
import devfest.studio.security.Callers;
import jakarta.ws.rs.NotAuthorizedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

  private static final Caller ANN = new Caller("ann", null, Set.of(), null, null, null);

  /** A caller whose token was revoked after the request was admitted. */
  private static final Caller EVE = new Caller("eve", null, Set.of(), null, null, null);

  private final List<Integer> commits = new ArrayList<>();
  private final List<Event> log = new ArrayList<>();
  private boolean down;
  private boolean broken;

  /** A database with slow commits. */
  private final GroupCommit group =
      new GroupCommit(
          new Publisher(null, null, null) {
            @Override
            List<LoggedEvent> append(Set<Caller> publishers, List<Event> events) {
              if (publishers.stream().anyMatch(GroupCommitTest::isRevoked)) {
                throw Callers.invalid();
              }
              try {
                Thread.sleep(5);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              if (down) {
                throw new IllegalStateException("the database is away");
              }
              if (broken) {
                throw new AssertionError("no exception at all");
              }
              commits.add(events.size());
              List<LoggedEvent> logged = new ArrayList<>();
              for (Event event : events) {
                log.add(event);
                logged.add(new LoggedEvent(log.size(), Instant.EPOCH, event));
              }
              return logged;
            }
          });

  private static boolean isRevoked(Caller publisher) {
    return publisher.equals(EVE);
  }

  private static Event event(String data) {
    return Event.of("a").visibility(Visibility.PUBLIC).channel("events").data(data).build();
  }

  @Test
  void concurrentPublishersShareACommitAndEachGetsItsOwnPositions() throws Exception {
    int requests = 200;
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<List<String>>> answers = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        List<Event> events = List.of(event(i + "a"), event(i + "b"));
        answers.add(pool.submit(() -> group.append(ANN, events)));
      }
      List<Long> all = new ArrayList<>();
      for (int i = 0; i < requests; i++) {
        List<String> positions = answers.get(i).get(20, TimeUnit.SECONDS);
        long first = Long.parseLong(positions.get(0));
        assertEquals(List.of(Long.toString(first), Long.toString(first + 1)), positions);
        assertEquals(i + "a", log.get((int) first - 1).data());
        positions.forEach(position -> all.add(Long.parseLong(position)));
      }
      Collections.sort(all);
      assertEquals(LongStream.rangeClosed(1, 2L * requests).boxed().toList(), all);
      assertTrue(commits.size() < requests / 2, () -> commits.size() + " commits");
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aFailedCommitFailsItsWholeGroupButNotTheNext() {
    down = true;
    assertThrows(IllegalStateException.class, () -> group.append(ANN, List.of(event("1"))));
    down = false;
    assertEquals(List.of("1"), group.append(ANN, List.of(event("2"))));
  }

  @Test
  void aRevokedTokenFailsItsOwnRequestOnly() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<List<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        Caller publisher = i % 5 == 0 ? EVE : ANN;
        List<Event> events = List.of(event(publisher.userId()));
        answers.add(pool.submit(() -> group.append(publisher, events)));
      }
      for (int i = 0; i < 50; i++) {
        Future<List<String>> answer = answers.get(i);
        if (i % 5 == 0) {
          ExecutionException e =
              assertThrows(ExecutionException.class, () -> answer.get(20, TimeUnit.SECONDS));
          assertInstanceOf(NotAuthorizedException.class, e.getCause());
        } else {
          assertEquals(1, answer.get(20, TimeUnit.SECONDS).size());
        }
      }
      assertEquals(40, log.size());
      assertTrue(log.stream().allMatch(event -> event.data().equals("ann")));
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void nobodyWaitsForEverWhenACommitFailsWithAnError() throws Exception {
    broken = true;
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      List<Future<List<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        answers.add(pool.submit(() -> group.append(ANN, List.of(event("x")))));
      }
      for (Future<List<String>> answer : answers) {
        ExecutionException e =
            assertThrows(ExecutionException.class, () -> answer.get(10, TimeUnit.SECONDS));
        assertInstanceOf(IllegalStateException.class, e.getCause());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void theSizeOfATransactionIsLimited() {
    group.append(ANN, Collections.nCopies(1_000, event("x")));
    group.append(ANN, List.of(event("y")));
    assertEquals(List.of(1_000, 1), commits);
  }
}
