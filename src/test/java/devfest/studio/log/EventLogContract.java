package devfest.studio.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.events.Audience;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Subject;
import devfest.studio.events.Visibility;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceException;
import java.lang.reflect.Field;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract of the log on every database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EventLogContract {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Audience ALL = Audience.everything();

  private Database database;

  abstract Database open();

  @BeforeAll
  void openDatabase() {
    database = open();
  }

  @AfterAll
  void closeDatabase() {
    database.close();
  }

  @BeforeEach
  void emptyLog() {
    database.run(
        em -> {
          for (String entity : List.of("EventRow", "LogHead", "TypeCount", "MinuteCount")) {
            em.createQuery("delete from " + entity + " e").executeUpdate();
          }
        });
    database.run(em -> log(em, NOON).open(false));
  }

  private static EventLog log(EntityManager em, Instant now) {
    return new EventLog(em, Clock.fixed(now, ZoneOffset.UTC), new Signal<>(() -> {}));
  }

  private static Event event(String type) {
    return Event.of(type)
        .visibility(Visibility.PUBLIC)
        .userId("ann")
        .channel("events")
        .data("{}")
        .build();
  }

  private List<LoggedEvent> append(Instant at, Event... events) {
    return database.transaction(em -> log(em, at).append(List.of(events)));
  }

  private <T> T read(java.util.function.Function<LogReader, T> query) {
    return database.transaction(em -> query.apply(new LogReader(em)));
  }

  private List<Long> positions() {
    return read(log -> log.read(0, 1_000_000)).stream().map(LoggedEvent::position).toList();
  }

  private long origin() {
    return read(LogReader::bounds).origin();
  }

  @Test
  void aNewLogStartsAtItsCreationInstantInMicroseconds() {
    assertEquals(NOON.toEpochMilli() * 1_000, origin());
    assertEquals(origin() + 1, append(NOON, event("a")).get(0).position());
  }

  @Test
  void openingAnExistingLogChangesNothing() {
    append(NOON, event("a"));
    LogBounds before = read(LogReader::bounds);
    database.run(em -> log(em, NOON.plusSeconds(60)).open(false));
    assertEquals(before, read(LogReader::bounds));
  }

  @Test
  void aRolledBackHeadIsRepairedWhenTheLogIsOpened() {
    long last = append(NOON, event("a"), event("b")).get(1).position();
    database.run(
        em -> em.createQuery("update LogHead h set h.position = h.origin").executeUpdate());
    assertThrows(PersistenceException.class, () -> append(NOON, event("c")));
    database.run(em -> log(em, NOON).open(false));
    assertEquals(last + 1, append(NOON, event("c")).get(0).position());
  }

  @Test
  void aNewOriginIsAboveAllEarlierPositions() {
    append(NOON, event("a"));
    database.run(em -> log(em, NOON.plusSeconds(60)).open(true));
    LogBounds bounds = read(LogReader::bounds);
    assertEquals(NOON.plusSeconds(60).toEpochMilli() * 1_000, bounds.origin());
    assertEquals(bounds.origin() + 1, append(NOON, event("b")).get(0).position());
  }

  @Test
  void racingCommitsAndRollbacksLeaveNoGapsAndAreReadInOrder() throws Exception {
    int committers = 8;
    int each = 60;
    AtomicLong committed = new AtomicLong();
    AtomicBoolean racing = new AtomicBoolean(true);
    List<Long> followed = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(committers + 1);
    long origin = origin();
    Future<?> follower =
        pool.submit(
            () -> {
              long position = origin;
              boolean last;
              do {
                last = !racing.get();
                long after = position;
                for (LoggedEvent event : read(log -> log.read(after, 100))) {
                  followed.add(event.position());
                  position = event.position();
                }
              } while (!last || position < origin + committed.get());
            });
    List<Future<?>> writers = new ArrayList<>();
    for (int i = 0; i < committers; i++) {
      Random random = new Random(i);
      writers.add(
          pool.submit(
              () -> {
                for (int n = 0; n < each; n++) {
                  int size = 1 + random.nextInt(3);
                  boolean rollBack = random.nextInt(4) == 0;
                  try {
                    database.run(
                        em -> {
                          Event[] events = new Event[size];
                          java.util.Arrays.fill(events, event("race"));
                          log(em, NOON).append(List.of(events));
                          if (rollBack) {
                            throw new IllegalStateException("rolled back");
                          }
                        });
                    committed.addAndGet(size);
                  } catch (IllegalStateException e) {
                    assertTrue(rollBack);
                  }
                }
              }));
    }
    for (Future<?> writer : writers) {
      writer.get(60, TimeUnit.SECONDS);
    }
    racing.set(false);
    follower.get(60, TimeUnit.SECONDS);
    pool.shutdown();
    List<Long> gapless =
        LongStream.rangeClosed(origin + 1, origin + committed.get()).boxed().toList();
    assertEquals(gapless, positions());
    assertEquals(gapless, followed, "a reader that follows misses none");
    assertEquals(Map.of("race", committed.get()), read(LogReader::counts));
  }

  @Test
  void aRollbackAlsoUndoesTheCallersChanges() {
    assertThrows(
        IllegalStateException.class,
        () ->
            database.run(
                em -> {
                  log(em, NOON).append(List.of(event("a")));
                  throw new IllegalStateException();
                }));
    assertEquals(List.of(), positions());
    assertEquals(Map.of(), read(LogReader::counts));
    assertEquals(origin(), read(LogReader::bounds).latest());
  }

  @Test
  void timestampsDoNotGoBackWithTheClock() {
    append(NOON.plusSeconds(9), event("a"));
    assertEquals(NOON.plusSeconds(9), append(NOON, event("b")).get(0).timestamp());
  }

  @Test
  void eventsAreReadAsAppended() {
    Event event =
        Event.of("a.b_c")
            .visibility(Visibility.PRIVATE)
            .userId("Ünï")
            .channel("chat")
            .about(Kinds.PHOTO, "p")
            .about(Kinds.TRANSFORMATION, "t")
            .ends("t@1")
            .data("{\"x\":\"é😀\\n" + "y".repeat(60_000) + "\"}")
            .build();
    LoggedEvent logged = append(NOON, event).get(0);
    assertEquals(List.of(logged), read(log -> log.read(0, 10)));
  }

  @Test
  void countsAreByTypeAndCanBeLimitedToAWindowOfMinutes() {
    append(NOON, event("a"), event("a"), event("b"));
    append(NOON.plusSeconds(120), event("a"));
    assertEquals(Map.of("a", 3L, "b", 1L), read(LogReader::counts));
    assertEquals(Map.of("a", 1L), read(log -> log.counts(NOON.plusSeconds(61))));
  }

  @Test
  void positionsAreFoundByInstantAndByNumberOfEvents() {
    long first = append(NOON.plusSeconds(1), event("a")).get(0).position();
    append(NOON.plusSeconds(2), event("b"), event("a"));
    append(NOON.plusSeconds(5), event("a"));
    assertEquals(List.of(first - 1), read(log -> List.of(log.before(NOON))));
    assertEquals(List.of(first), read(log -> List.of(log.before(NOON.plusMillis(1_500)))));
    assertEquals(List.of(first + 2), read(log -> List.of(log.before(NOON.plusSeconds(5)))));
    assertEquals(List.of(first + 3), read(log -> List.of(log.before(NOON.plusSeconds(6)))));
    Filter as = new Filter(ALL, List.of("a"), List.of(), List.of(), null);
    assertEquals(
        List.of(first + 3, first + 2), read(log -> log.newest(as, first + 3, 2)).positions());
    LogReader.Newest all = read(log -> log.newest(as, first + 3, 99));
    assertEquals(List.of(first + 3, first + 2, first), all.positions());
  }

  @Test
  void theDatabaseFiltersExactlyLikeTheFilter() {
    List<LoggedEvent> all = new ArrayList<>();
    for (String type : List.of("photo.uploaded", "photoXuploaded", "a_b", "aXb", "a_b.c")) {
      for (Visibility visibility : Visibility.values()) {
        for (String user : new String[] {"ann", "bob", null}) {
          Event.Builder event =
              Event.of(type)
                  .visibility(visibility)
                  .userId(user)
                  .channel(user == null ? "chat" : "events")
                  .data("{}");
          if (user != null) {
            event.about(Kinds.PHOTO, user).about(Kinds.TRANSFORMATION, type);
          }
          all.addAll(append(NOON, event.build()));
        }
      }
    }
    List<Audience> audiences =
        List.of(
            ALL,
            Audience.of(null, false),
            Audience.of("ann", false),
            Audience.of("ann", true),
            Audience.of("x", true));
    for (Audience audience : audiences) {
      for (String types : new String[] {"", "photo.*", "a_*", "a_b", "*", "photo.uploaded,a_b.c"}) {
        for (String channels : new String[] {"", "chat"}) {
          for (List<Subject> subjects :
              List.of(
                  List.<Subject>of(),
                  List.of(new Subject(Kinds.PHOTO, "ann")),
                  List.of(
                      new Subject(Kinds.TRANSFORMATION, "a_b"), new Subject(Kinds.PHOTO, "ann")))) {
            for (String user : new String[] {null, "bob"}) {
              Filter filter =
                  new Filter(audience, Filter.list(types), Filter.list(channels), subjects, user);
              assertEquals(
                  all.stream().filter(e -> filter.matches(e.event())).toList(),
                  read(log -> log.read(filter, 0, 1_000)),
                  filter::toString);
            }
          }
        }
      }
    }
  }

  @Test
  void onlyAnErasureWithAPositionErases() {
    Event.Builder erasure =
        Event.of("chat.erased")
            .visibility(Visibility.PUBLIC)
            .channel("chat")
            .data("{\"id\":\"42\"}");
    assertEquals(Optional.of(42L), EventLog.erased(erasure.build()));
    assertEquals(Optional.empty(), EventLog.erased(erasure.data("{\"id\":\"all\"}").build()));
    assertEquals(Optional.empty(), EventLog.erased(event("chat.message")));
  }

  @Test
  void anEventWithASubjectWithoutAColumnIsRejected() {
    Event event =
        Event.of("a")
            .visibility(Visibility.PUBLIC)
            .channel("events")
            .about("album", "1")
            .data("{}")
            .build();
    assertThrows(IllegalArgumentException.class, () -> append(NOON, event));
    assertEquals(List.of(), positions());
  }

  /**
   * One transaction has changed a row, but not written the change yet, and appends; another has
   * locked that row and appends too. Where the head were locked before the change is written, each
   * would wait for the other.
   */
  @Test
  void appendingLocksTheHeadLast() throws Exception {
    database.run(em -> log(em, NOON).append(List.of(event("row"))));
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch changed = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      Future<?> second =
          pool.submit(
              () ->
                  database.run(
                      em -> {
                        em.find(TypeCount.class, "row", LockModeType.PESSIMISTIC_WRITE);
                        locked.countDown();
                        await(changed);
                        pause(); // until the first waits for the row
                        log(em, NOON).append(List.of(event("second")));
                      }));
      Future<?> first =
          pool.submit(
              () ->
                  database.run(
                      em -> {
                        await(locked);
                        change(em.find(TypeCount.class, "row"));
                        changed.countDown();
                        log(em, NOON).append(List.of(event("first")));
                      }));
      second.get(20, TimeUnit.SECONDS);
      first.get(20, TimeUnit.SECONDS);
    } finally {
      pool.shutdownNow();
    }
    assertEquals(
        List.of("row", "second", "first"),
        read(log -> log.read(0, 10)).stream().map(each -> each.event().type()).toList());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(300);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void change(TypeCount row) {
    try {
      Field total = TypeCount.class.getDeclaredField("total");
      total.setAccessible(true);
      total.setLong(row, 42);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void retentionRemovesOldEventsAndKeepsTheCounts() {
    append(NOON, event("a"), event("a"));
    long kept = append(NOON.plusSeconds(100), event("a")).get(0).position();
    database.run(em -> assertFalse(prune(em, NOON.plusSeconds(50))));
    assertEquals(List.of(kept), positions());
    assertEquals(kept, read(LogReader::bounds).oldest());
    assertEquals(Map.of("a", 3L), read(LogReader::counts));
    database.run(em -> assertFalse(prune(em, NOON.plusSeconds(500))));
    assertEquals(List.of(), positions());
    assertEquals(kept + 1, append(NOON.plusSeconds(600), event("b")).get(0).position());
  }

  private static boolean prune(EntityManager em, Instant before) {
    return new Retention(em, new LogReader(em), new Signal<>(() -> {})).prune(before);
  }

  @Test
  void theTailerDeliversEverythingOnceAndInOrderDespiteAFailingListener() throws Exception {
    LogReader reader =
        new LogReader(null) {
          @Override
          public List<LoggedEvent> read(long after, int limit) {
            return EventLogContract.this.read(log -> log.read(after, limit));
          }
        };
    Tailer tailer = new Tailer(reader);
    List<Long> seen = java.util.Collections.synchronizedList(new ArrayList<>());
    AtomicLong calls = new AtomicLong();
    tailer.start(
        Thread::new,
        origin(),
        batch -> {
          if (calls.incrementAndGet() % 3 == 1) {
            throw new IllegalStateException("a fault on the way");
          }
          batch.forEach(event -> seen.add(event.position()));
        });
    Set<String> after = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < 40; i++) {
      append(NOON, event("a"));
      tailer.wake(new Appended());
    }
    tailer.afterReading(() -> after.add(seen.size() + " seen"));
    long origin = origin();
    List<Long> all = LongStream.rangeClosed(origin + 1, origin + 40).boxed().toList();
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !after.isEmpty());
    tailer.stop();
    assertEquals(all, seen);
    assertEquals(Set.of("40 seen"), after, "what comes after reading follows all of it");
    assertFalse(tailer.isRunning());
  }
}
