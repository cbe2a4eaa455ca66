package devfest.studio.app.transfer;

import static devfest.studio.app.transfer.Space.KB;
import static devfest.studio.app.transfer.Space.MB;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArrivalsTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long LIMIT = 4 * MB;

  @TempDir Path dir;
  private final AtomicLong clock = new AtomicLong(-5);
  private final List<String> cut = new ArrayList<>();
  private Space space;
  private Arrivals arrivals;

  @BeforeEach
  void makeArrivals() {
    arrivals(4 * MB, 16 * MB);
  }

  private void arrivals(long memory, long disk) {
    space = new Space(dir, memory, disk);
    arrivals = new Arrivals(space.spool, space.memory, space.disk, clock::get);
  }

  private Arrival ofUser(String user) {
    return arrivals.begin(user, false, LIMIT, problem -> cut.add(user + " " + problem.status()));
  }

  private Arrival ofAddress(String address) {
    return arrivals.begin(
        address, true, LIMIT, problem -> cut.add(address + " " + problem.status()));
  }

  private List<Arrival> ofUser(String user, int count) {
    return IntStream.range(0, count).mapToObj(i -> ofUser(user)).toList();
  }

  private static void add(Arrival arrival, int count) {
    arrival.add(new byte[count], 0, count);
  }

  private static void abort(List<Arrival> all) {
    all.forEach(arrival -> assertTrue(arrival.abort()));
  }

  private void assertAllFree(String user) throws IOException {
    space.assertFree();
    List<Arrival> all = ofUser(user, Arrivals.MOST_OF_USER);
    assertEquals(429, assertThrows(Problem.class, () -> ofUser(user)).status());
    abort(all);
  }

  /** The ways in which an arrival ends. */
  private enum End {
    CLOSED {
      @Override
      void happen(Arrival arrival) throws IOException {
        Content content = arrival.complete().orElseThrow();
        content.read().close();
        content.close();
      }
    },
    RELEASED_TWICE {
      @Override
      void happen(Arrival arrival) {
        Content content = arrival.complete().orElseThrow();
        content.release();
        content.release();
      }
    },
    ABORTED {
      @Override
      void happen(Arrival arrival) {
        assertTrue(arrival.abort());
      }
    },
    CUT {
      @Override
      void happen(Arrival arrival) {
        arrival.cut(Arrivals.busy());
      }
    },
    TOO_LARGE {
      @Override
      void happen(Arrival arrival) {
        Problem problem = assertThrows(Problem.class, () -> add(arrival, (int) LIMIT));
        assertEquals(Code.TOO_LARGE, problem.code());
        assertTrue(arrival.abort());
      }
    };

    abstract void happen(Arrival arrival) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  void theEndOfABodyGivesSpaceAndPlaceBack(End end) throws IOException {
    for (int size : List.of(1, 1_500, 2 * MB)) {
      Arrival arrival = ofUser("ann");
      add(arrival, size);
      end.happen(arrival);
      assertAllFree("ann");
    }
    assertEquals(end == End.CUT ? List.of("ann 503", "ann 503", "ann 503") : List.of(), cut);
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheFirstEndCounts(End end) throws IOException {
    Arrival arrival = ofUser("ann");
    add(arrival, 10);
    end.happen(arrival);
    cut.clear();
    assertFalse(arrival.abort());
    assertEquals(Optional.empty(), arrival.complete());
    arrival.cut(Arrivals.busy());
    add(arrival, 10);
    assertEquals(List.of(), cut);
    assertAllFree("ann");
  }

  @Test
  void aBodyOfTheAllowedLengthIsAccepted() throws IOException {
    Arrival arrival = ofUser("ann");
    byte[] bytes = Space.bytes((int) LIMIT);
    arrival.add(bytes, 0, bytes.length);
    assertEquals(413, assertThrows(Problem.class, () -> add(arrival, 1)).status());
    try (Content content = arrival.complete().orElseThrow()) {
      assertArrayEquals(bytes, content.read().readAllBytes());
    }
    assertAllFree("ann");
  }

  @Test
  void onlyTheGivenPartOfABufferIsAdded() throws IOException {
    Arrival arrival = ofUser("ann");
    byte[] bytes = Space.bytes(100);
    arrival.add(bytes, 20, 30);
    bytes[20]++; // the bytes were copied
    try (Content content = arrival.complete().orElseThrow()) {
      byte[] expected = Arrays.copyOfRange(Space.bytes(100), 20, 50);
      assertArrayEquals(expected, content.read().readAllBytes());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 10, 3 * KB})
  void withoutSpaceABodyIsRefused(int disk) throws IOException {
    arrivals(2 * KB, disk);
    Arrival arrival = ofUser("ann");
    Problem problem = assertThrows(Problem.class, () -> add(arrival, 4 * KB));
    assertEquals(Code.BUSY, problem.code());
    assertNotNull(problem.retryAfter());
    assertTrue(arrival.abort());
    assertAllFree("ann");
  }

  @Test
  void aBodyThatCannotBeStoredIsRefused() throws IOException {
    Files.writeString(space.folder, "a file instead of the folder");
    Arrival arrival = ofUser("ann");
    Problem problem = assertThrows(Problem.class, () -> add(arrival, 2 * MB));
    assertEquals(Code.INSUFFICIENT_STORAGE, problem.code());
    assertNotNull(problem.retryAfter());
    assertTrue(arrival.abort());
    Files.delete(space.folder);
    assertAllFree("ann");
  }

  @Test
  void aUserHasFiftyPlaces() {
    List<Arrival> all = ofUser("ann", 50);
    Problem refused = assertThrows(Problem.class, () -> ofUser("ann"));
    assertEquals(Code.TOO_MANY_REQUESTS, refused.code());
    assertNotNull(refused.retryAfter());
    assertTrue(ofUser("bob").abort());
    assertTrue(all.get(7).abort());
    Arrival next = ofUser("ann");
    assertEquals(429, assertThrows(Problem.class, () -> ofUser("ann")).status());
    assertTrue(next.abort());
  }

  @Test
  void anAddressHasAHundredPlaces() {
    for (int i = 0; i < 100; i++) {
      assertNotNull(ofAddress("192.0.2.7"));
    }
    assertEquals(429, assertThrows(Problem.class, () -> ofAddress("192.0.2.7")).status());
    assertNotNull(ofAddress("192.0.2.8"));
    assertNotNull(ofUser("192.0.2.7"), "a user with the name of an address");
    assertEquals(List.of(), cut);
  }

  /** Takes all places, one for each user. */
  private List<Arrival> fill() {
    return IntStream.range(0, Arrivals.MOST).mapToObj(i -> ofUser("user-" + i)).toList();
  }

  @Test
  void theBodyThatIsSilentLongestGivesWayIfAllPlacesAreTaken() throws IOException {
    List<Arrival> all = fill();
    clock.addAndGet(SECOND);
    for (int i = 0; i < all.size(); i++) {
      if (i != 7) {
        add(all.get(i), 1);
      }
    }
    Arrival last = ofUser("ann");
    assertEquals(List.of("user-7 503"), cut);
    assertFalse(all.get(7).abort());
    abort(Stream.concat(Stream.of(last), all.stream().filter(one -> one != all.get(7))).toList());
    assertAllFree("ann");
  }

  @Test
  void aBodyGivesWayOnlyAfterASecond() throws IOException {
    List<Arrival> all = fill();
    clock.addAndGet(SECOND - 1);
    assertEquals(Code.BUSY, assertThrows(Problem.class, () -> ofUser("ann")).code());
    assertEquals(List.of(), cut);
    clock.addAndGet(1);
    Arrival last = ofUser("ann");
    assertEquals(1, cut.size());
    assertTrue(last.abort());
    assertEquals(Arrivals.MOST - 1, all.stream().filter(Arrival::abort).count());
    assertAllFree("ann");
  }

  @Test
  void ifAllBodiesMoveOneOfTheOwnerWithMostGivesWay() {
    List<Arrival> all = new ArrayList<>();
    for (int i = 0; i < 18; i++) {
      all.addAll(ofUser("user-" + i, 50));
    }
    for (int i = 0; i < 100; i++) {
      all.add(ofAddress("192.0.2.7"));
    }
    assertEquals(Arrivals.MOST, all.size());
    ofUser("ann", 20);
    assertEquals(20, cut.size());
    assertEquals(List.of("192.0.2.7 503"), cut.stream().distinct().toList());
  }

  @Test
  void anOwnerDoesNotDisplaceOthersThatHaveAsFew() throws IOException {
    List<Arrival> all = fill();
    assertEquals(Code.BUSY, assertThrows(Problem.class, () -> ofUser("ann")).code());
    assertEquals(Code.BUSY, assertThrows(Problem.class, () -> ofUser("user-1")).code());
    assertEquals(List.of(), cut);
    abort(all);
    assertAllFree("ann");
    assertAllFree("user-1");
  }

  @Test
  void aBodyThatArrivesTooSlowlyIsRefused() throws IOException {
    Arrival slow = ofUser("ann");
    Arrival fast = ofUser("bob");
    add(slow, 16 * KB - 1);
    add(fast, 16 * KB);
    clock.addAndGet(30 * SECOND);
    arrivals.check();
    assertEquals(List.of(), cut);
    clock.addAndGet(SECOND);
    arrivals.check();
    arrivals.check();
    assertEquals(List.of("ann 408"), cut);
    fast.complete().orElseThrow().close();
    clock.addAndGet(60 * SECOND);
    arrivals.check();
    assertEquals(List.of("ann 408"), cut);
    assertAllFree("ann");
  }

  @Test
  void aRefusalThatFailsDoesNotKeepThePlace() throws IOException {
    Consumer<Problem> failing =
        problem -> {
          throw new IllegalStateException("The connection is closed.");
        };
    add(arrivals.begin("ann", false, LIMIT, failing), 10);
    clock.addAndGet(40 * SECOND);
    arrivals.check();
    assertAllFree("ann");
  }

  @Test
  void concurrentBodiesDoNotExceedThePlaces() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    Consumer<Problem> count = problem -> refused.incrementAndGet();
    for (int i = 0; i < Arrivals.MOST; i++) {
      assertNotNull(arrivals.begin("old-" + i, false, LIMIT, count));
    }
    clock.addAndGet(2 * SECOND);
    AtomicInteger users = new AtomicInteger();
    Runnable hundred =
        () -> {
          for (int i = 0; i < 100; i++) {
            assertNotNull(arrivals.begin("new-" + users.incrementAndGet(), false, LIMIT, count));
          }
        };
    race(hundred, hundred, hundred, hundred);
    assertEquals(400, refused.get(), "each new body takes the place of a silent one");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 4 * MB})
  void addingAndEndingAtTheSameTimeGivesSpaceAndPlaceBack(long memory) throws Exception {
    arrivals(memory, 16 * MB);
    AtomicInteger ends = new AtomicInteger();
    for (int i = 0; i < 300; i++) {
      Arrival arrival = arrivals.begin("ann", false, LIMIT, problem -> ends.incrementAndGet());
      race(
          () -> IntStream.range(0, 30).forEach(each -> add(arrival, 700)),
          () -> arrival.cut(Arrivals.busy()),
          () -> ends.addAndGet(arrival.abort() ? 1 : 0),
          () ->
              arrival
                  .complete()
                  .ifPresent(
                      content -> {
                        ends.incrementAndGet();
                        content.release();
                      }));
      assertEquals(i + 1, ends.get());
      space.assertFree();
    }
    assertAllFree("ann");
  }

  /** Runs all parts at the same time. */
  private static void race(Runnable... parts) throws Exception {
    CyclicBarrier start = new CyclicBarrier(parts.length);
    ExecutorService threads = Executors.newFixedThreadPool(parts.length);
    try {
      List<Future<?>> results = new ArrayList<>();
      for (Runnable part : parts) {
        results.add(
            threads.submit(
                () -> {
                  start.await();
                  part.run();
                  return null;
                }));
      }
      for (Future<?> result : results) {
        result.get();
      }
    } finally {
      threads.shutdown();
    }
  }
}
