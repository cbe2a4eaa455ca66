package devfest.studio.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.events.Audience;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.Kinds;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Subject;
import devfest.studio.events.Visibility;
import devfest.studio.tracing.Tracing;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceException;
import java.lang.reflect.Field;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
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
  private Instant beforeTheFirstStart;
  private LogBounds first;

  abstract Database open();

  @BeforeAll
  void openDatabase() {
    beforeTheFirstStart = Instant.now();
    database = open();
    database.run(em -> log(em, NOON).open(false));
    first = read(LogReader::bounds);
  }

  @AfterAll
  void closeDatabase() {
    database.close();
  }

  @BeforeEach
  void emptyLog() {
    database.run(
        em -> {
          for (String entity : List.of("EventRow", "TypeCount", "MinuteCount")) {
            em.createQuery("delete from " + entity + " e").executeUpdate();
          }
          em.createQuery(
                  "update LogHead h set h.origin = :at, h.pruned = :at, h.position = :at,"
                      + " h.recordedAt = :noon")
              .setParameter("at", NOON.toEpochMilli() * 1_000)
              .setParameter("noon", NOON)
              .executeUpdate();
        });
  }

  static EventLog log(EntityManager em, Instant now) {
    return new EventLog(
        em, Clock.fixed(now, ZoneOffset.UTC), Tracing.off(), new Signal<>(() -> {}));
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
    return database.transaction(em -> query.apply(new LogReader(em, user -> user)));
  }

  private List<Long> positions() {
    return read(log -> log.read(0, 1_000_000)).stream().map(LoggedEvent::position).toList();
  }

  private long origin() {
    return read(LogReader::bounds).origin();
  }

  @Test
  void aNewLogStartsAtItsCreationInstantInMicroseconds() {
    long from = ChronoUnit.MICROS.between(Instant.EPOCH, beforeTheFirstStart);
    assertTrue(first.origin() >= from && first.origin() < from + 60_000_000, first::toString);
    assertEquals(new LogBounds(first.origin(), first.origin(), first.origin()), first);
    assertEquals(origin() + 1, append(NOON, event("a")).get(0).position());
  }

  @Test
  void theTraceOfAnEventIsKeptUntilItIsErased() {
    String cause = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    long position = append(NOON, event("a").tracedTo(cause)).get(0).position();
    assertEquals(cause, read(log -> log.read(position - 1, 1)).get(0).event().trace());
    boolean erased = database.transaction(em -> log(em, NOON).erase(position, "a", "events"));
    assertTrue(erased);
    assertNull(read(log -> log.read(position - 1, 1)).get(0).event().trace());
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

  private void publish(Event... events) {
    database.transaction(em -> log(em, NOON).appendPublished(List.of(events)));
  }

  @Test
  void inventedTypesAreCountedTogetherAndTheTotalIsExact() {
    append(NOON, event("a"));
    for (int i = 0; i < 4; i++) {
      int from = i * 500;
      database.run(
          em ->
              log(em, NOON)
                  .appendPublished(
                      IntStream.range(from, from + 500).mapToObj(n -> event("t" + n)).toList()));
    }
    publish(event("t0"), event("t0"), event("t1999"), event("a"));
    append(NOON, event("own"));
    for (Map<String, Long> counts :
        List.of(read(LogReader::counts), read(reader -> reader.counts(NOON)))) {
      assertTrue(counts.size() <= 1_000, () -> counts.size() + " names");
      assertEquals(2_006, counts.values().stream().mapToLong(Long::longValue).sum());
      assertEquals(1_102, counts.get("(other)"));
      assertEquals(2, counts.get("a"));
      assertEquals(3, counts.get("t0"));
      assertEquals(1, counts.get("own"), "the studio's own types are always named");
    }
  }

  @Test
  void eventsOfTypesThatAreCountedTogetherAreFound() {
    for (int i = 0; i < 2; i++) {
      int from = i * 500;
      database.run(
          em ->
              log(em, NOON)
                  .appendPublished(
                      IntStream.range(from, from + 500).mapToObj(n -> event("t" + n)).toList()));
    }
    publish(event("late.one"), event("late.two"), event("t0"));
    Filter everything = Filter.of(Audience.everything());
    Map<List<String>, Integer> expected =
        Map.of(
            List.of("late.one"), 1,
            List.of("late.*"), 2,
            List.of("late.one", "late.one", "t0"), 3,
            List.of("late.*", "t1"), 3,
            List.of("never"), 0);
    expected.forEach(
        (types, count) ->
            assertEquals(count, all(everything.withTypes(types)).size(), types::toString));
  }

  /** Reads part by part, because the time of a part is bounded. */
  private List<LoggedEvent> all(Filter filter) {
    List<LoggedEvent> events = new ArrayList<>();
    for (long after = 0; after < Long.MAX_VALUE; ) {
      long from = after;
      LogReader.Part part = read(reader -> reader.part(filter, from, 100));
      events.addAll(part.events());
      after = part.upTo();
    }
    return events;
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
  void theEventsThatAUserOwnsOrHasCausedAreErasedAndTheirPositionsStay() {
    Event own = event("talk.started");
    Event caused =
        Event.of("talk.ended")
            .visibility(Visibility.PUBLIC)
            .userId("bob")
            .channel("talks")
            .about(Kinds.PHOTO, "p1")
            .data("{\"by\":\"ann\"}")
            .build()
            .by("ann");
    Event other = event("talk.rated").by("ann"); // its owner, so not recorded
    List<LoggedEvent> logged = append(NOON, own, caused, other);
    LoggedEvent foreign =
        append(
                NOON,
                Event.of("talk.started")
                    .visibility(Visibility.PUBLIC)
                    .userId("bob")
                    .channel("events")
                    .data("1")
                    .build())
            .get(0);
    List<LoggedEvent> authored = read(reader -> reader.causedBy("ann", 0, 10));
    assertEquals(1, authored.size());
    assertEquals(logged.get(1).position(), authored.get(0).position());
    assertEquals(2, read(reader -> reader.ownedBy("ann", 0, 10)).size());
    int transactions = 0;
    while (database.transaction(
        em ->
            new PersonalEvents(em, log(em, NOON), new LogReader(em, user -> user)).erase("ann"))) {
      transactions++;
    }
    assertEquals(2, transactions, "those of the owner, then those of the author");
    List<LoggedEvent> all = read(reader -> reader.read(0, 10));
    for (int i = 0; i < 3; i++) {
      assertEquals(logged.get(i).position(), all.get(i).position());
      Event erased = all.get(i).event();
      assertEquals("erased", erased.type());
      assertEquals("null", erased.data());
      assertEquals("events", erased.channel());
      assertNull(erased.userId());
      assertEquals(List.of(), erased.subjects());
    }
    assertEquals(foreign, all.get(3));
    List<Long> reported =
        all.stream().flatMap(each -> EventLog.erased(each.event()).stream()).sorted().toList();
    assertEquals(logged.stream().map(LoggedEvent::position).toList(), reported);
  }

  private static Event about(String type, String photo, String transformation) {
    Event.Builder event =
        Event.of(type)
            .visibility(Visibility.PUBLIC)
            .userId("ann")
            .channel("events")
            .about(Kinds.PHOTO, photo)
            .data("{}");
    return (transformation == null ? event : event.about(Kinds.TRANSFORMATION, transformation))
        .build();
  }

  /** Whether each event is public, in the order of the log. */
  private List<Boolean> published(int count) {
    return read(log -> log.read(0, count)).stream()
        .map(logged -> logged.event().visibility() == Visibility.PUBLIC)
        .toList();
  }

  private void classify(String kind, String id, Visibility visibility) {
    database.transaction(
        em -> {
          log(em, NOON).classify(Map.of(new Subject(kind, id), visibility));
          return null;
        });
  }

  @Test
  void theEventsAboutASubjectBecomePrivateAndPublicAgainAndNodesDropTheirCopies() {
    List<LoggedEvent> logged =
        append(
            NOON,
            about("photo.uploaded", "p", null),
            about("transformation.started", "p", "t"),
            about("transformation.completed", "p", "t"),
            about("transformation.completed", "p", "other"));
    classify(Kinds.TRANSFORMATION, "t", Visibility.PRIVATE);
    assertEquals(List.of(true, false, false, true), published(4));
    classify(Kinds.PHOTO, "p", Visibility.PRIVATE);
    assertEquals(List.of(false, false, false, true), published(4));
    List<Long> dropped =
        read(log -> log.read(0, 10)).stream()
            .flatMap(each -> EventLog.erased(each.event()).stream())
            .toList();
    assertEquals(
        List.of(logged.get(1).position(), logged.get(2).position(), logged.get(0).position()),
        dropped);
    classify(Kinds.TRANSFORMATION, "t", Visibility.PUBLIC);
    classify(Kinds.PHOTO, "p", Visibility.PUBLIC);
    assertEquals(List.of(true, true, true, true), published(4));
    int before = read(log -> log.read(0, 100)).size();
    classify(Kinds.PHOTO, "p", Visibility.PUBLIC);
    assertEquals(before, read(log -> log.read(0, 100)).size(), "nothing to report");
  }

  @Test
  void onlyAnErasureWithAPositionErases() {
    Event.Builder erasure =
        Event.of("chat.erased")
            .visibility(Visibility.PUBLIC)
            .channel("chat")
            .data("{\"id\":\"42\"}");
    assertEquals(List.of(42L), EventLog.erased(erasure.build()));
    String several = "{\"ids\":[\"42\",\"7\"]}";
    assertEquals(List.of(42L, 7L), EventLog.erased(erasure.data(several).build()));
    for (String data : List.of("{\"id\":\"all\"}", "{\"ids\":[]}", "{\"ids\":[\"\"]}", "1")) {
      assertEquals(List.of(), EventLog.erased(erasure.data(data).build()), data);
    }
    String flood = "{\"ids\":[\"1" + "\",\"1".repeat(10_000) + "\"]}";
    assertEquals(List.of(), EventLog.erased(erasure.data(flood).build()));
    assertEquals(List.of(), EventLog.erased(event("chat.message")));
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
    return prune(em, before, () -> {});
  }

  private static boolean prune(EntityManager em, Instant before, Runnable observer) {
    return new Retention(em, new LogReader(em, user -> user), new Signal<>(observer)).prune(before);
  }

  @Test
  void pruningLocksTheHeadAfterEverythingElse() {
    append(NOON, event("a"));
    List<LoggedEvent> meanwhile = new ArrayList<>();
    database.run(
        em ->
            prune(
                em,
                NOON.plusSeconds(1),
                () -> meanwhile.addAll(onAnotherThread(() -> append(NOON, event("b"))))));
    assertEquals(List.of(meanwhile.get(0).position()), positions());
  }

  private static <T> T onAnotherThread(Callable<T> work) {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      return thread.submit(work).get(10, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("must not wait for the transaction of the caller", e);
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void onlyOneNodePrunesAtATimeAndTheOthersDoNotWait() {
    assertTrue(database.<Boolean>transaction(em -> new Turn(em).take(() -> true)));
    database.run(
        first ->
            assertTrue(
                new Turn(first)
                    .take(
                        () ->
                            !EventLogContract.<Boolean>onAnotherThread(
                                () ->
                                    database.<Boolean>transaction(
                                        second -> new Turn(second).take(() -> true))))));
    assertTrue(
        database.<Boolean>transaction(em -> new Turn(em).take(() -> true)),
        "the turn is free again");
  }

  @Test
  void nodesThatPruneWhileOthersAppendLoseNothingAndDoNotDeadlock() throws Exception {
    int writers = 4;
    int each = 100;
    long origin = origin();
    AtomicBoolean racing = new AtomicBoolean(true);
    AtomicLong pruned = new AtomicLong();
    ExecutorService pool = Executors.newFixedThreadPool(writers + 2);
    List<Future<?>> appends = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      appends.add(
          pool.submit(
              () -> {
                for (int n = 0; n < each; n++) {
                  append(NOON, event("race"));
                }
              }));
    }
    List<Future<?>> prunings = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      prunings.add(
          pool.submit(
              () -> {
                while (racing.get()) {
                  long before = read(LogReader::bounds).pruned();
                  boolean more =
                      database.transaction(
                          em -> new Turn(em).take(() -> prune(em, NOON.plusSeconds(1))));
                  pruned.addAndGet(read(LogReader::bounds).pruned() > before || more ? 1 : 0);
                }
              }));
    }
    for (Future<?> append : appends) {
      append.get(60, TimeUnit.SECONDS);
    }
    racing.set(false);
    for (Future<?> pruning : prunings) {
      pruning.get(60, TimeUnit.SECONDS);
    }
    pool.shutdown();
    LogBounds bounds = read(LogReader::bounds);
    assertEquals(origin + (long) writers * each, bounds.latest());
    assertEquals(
        LongStream.rangeClosed(bounds.pruned() + 1, bounds.latest()).boxed().toList(),
        positions(),
        "exactly the rows up to the bound are deleted");
    assertTrue(pruned.get() > 1, () -> "pruned " + pruned + " times");
    assertEquals(Map.of("race", (long) writers * each), read(LogReader::counts));
  }

  @Test
  void theTailerDeliversEverythingOnceAndInOrderDespiteAFailingListener() throws Exception {
    LogReader reader =
        new LogReader(null, user -> user) {
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
    Awaitility.await().until(() -> !after.isEmpty());
    tailer.stop();
    assertEquals(all, seen);
    assertEquals(Set.of("40 seen"), after, "what comes after reading follows all of it");
    assertFalse(tailer.isRunning());
  }
}
