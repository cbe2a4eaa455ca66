package devfest.studio.hub;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.events.Audience;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Occurrence;
import devfest.studio.events.TransientEvent;
import devfest.studio.events.Visibility;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import devfest.studio.sse.Wire;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HubTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Limits LIMITS = new Limits(5, 3, 2, HOUR, Duration.ZERO, HOUR, HOUR);
  private static final Filter ALL = Filter.of(Audience.everything());

  /** The log behind the hub: all published events and earlier ones. */
  private final List<LoggedEvent> log = new ArrayList<>();

  private int pagesRead;
  private long pruned;

  private final Hub hub = hub(Runnable::run);

  private Hub hub(Executor reader) {
    return new Hub(
        LIMITS,
        (filter, after, limit) -> {
          pagesRead++;
          return new LogSource.Page(
              log.stream()
                  .filter(e -> e.position() > Math.max(after, pruned) && filter.matches(e.event()))
                  .limit(limit)
                  .toList(),
              Long.MAX_VALUE,
              pruned,
              log.get(log.size() - 1).position());
        },
        100,
        new Turns(reader, 2),
        Clock.systemUTC());
  }

  private static LoggedEvent logged(long position, String type, String user, String ends) {
    return new LoggedEvent(position, NOON, event(type, user).ends(ends).data("{}").build());
  }

  private static Event.Builder event(String type, String user) {
    return Event.of(type).visibility(Visibility.PRIVATE).userId(user).channel("events");
  }

  private void publish(LoggedEvent... events) {
    log.addAll(List.of(events));
    hub.publish(List.of(events));
  }

  private static TransientEvent progress(String key, String data) {
    return new TransientEvent(key, NOON, event("job.progress", "ann").data(data).build());
  }

  private static Subscriber user(String id) {
    return new Subscriber(id, "10.0.0.1", null, null, null);
  }

  private static Subscription subscribe(Hub to, Filter filter, Subscriber who, long after) {
    return to.subscribe(filter, who, Transport.STREAM, Format.DEFAULT, after, NOON);
  }

  /** Reads like a socket, which is notified when a page of the log has been read. */
  private static List<String> take(Subscription subscription) {
    List<String> ids = new ArrayList<>();
    for (int dry = 0; dry < 2; ) {
      Frame frame = subscription.next();
      if (frame == null) {
        dry++;
        continue;
      }
      dry = 0;
      String text = frame.toString();
      ids.add(text.startsWith("id: ") ? text.substring(4, text.indexOf('\n')) : text);
    }
    return ids;
  }

  private static List<String> ids(long first, long last) {
    return LongStream.rangeClosed(first, last).mapToObj(Long::toString).toList();
  }

  private Subscription test(String address) {
    Subscriber nobody = new Subscriber(null, address, null, null, null);
    return hub.subscribe(ALL, nobody, Transport.TEST, Format.DEFAULT, 100, NOON);
  }

  @Test
  void testsOfTheConnectionTakeNoSlotFromClients() {
    List<Subscription> tests = new ArrayList<>();
    for (int i = 0; i < Hub.TESTS; i++) {
      tests.add(test("10.0.0." + i / Hub.TESTS_PER_ADDRESS));
    }
    assertTrue(assertThrows(RefusedException.class, () -> test("10.0.1.1")).full());
    Subscription ignored = subscribe(hub, ALL, user("ann"), 100);
    tests.get(0).cancel();
    assertEquals(Hub.TESTS_PER_ADDRESS - 1, hub.inUse("address 10.0.0.0"));
    assertEquals(1, hub.slots().all().total());
    tests.add(test("10.0.1.1"));
  }

  @Test
  void anAddressHasALimitOfItsOwnForTests() {
    for (int i = 0; i < Hub.TESTS_PER_ADDRESS; i++) {
      Subscription ignored = test("10.0.0.1");
    }
    assertFalse(assertThrows(RefusedException.class, () -> test("10.0.0.1")).full());
    Subscription ignored = test("10.0.0.2");
  }

  @Test
  void aTestShowsThatTheStudioIsFull() {
    for (int i = 0; i < 5; i++) {
      Subscription ignored = subscribe(hub, ALL, user("user " + i), 100);
    }
    assertTrue(assertThrows(RefusedException.class, () -> test("10.0.0.1")).full());
    assertEquals(0, hub.inUse("address 10.0.0.1"));
  }

  @Test
  void aSubscriberGetsMatchingEventsInOrder() {
    Subscription ann = subscribe(hub, Filter.of(Audience.of("ann", false)), user("ann"), 100);
    publish(logged(101, "a", "ann", null), logged(102, "a", "bob", null));
    publish(logged(103, "a", "ann", null));
    assertEquals(List.of("101", "103"), take(ann));
    assertEquals(List.of(), take(ann));
    assertEquals(0, pagesRead, "all from memory");
  }

  @Test
  void aSubscriberResumingBelowTheRingReadsTheLogAndThenLiveEvents() {
    for (long position = 1; position <= 100; position++) {
      log.add(logged(position, "a", "ann", null));
    }
    publish(logged(101, "a", "ann", null));
    Subscription late = subscribe(hub, ALL, user("ann"), 10);
    assertEquals(ids(11, 101), take(late));
    publish(logged(102, "a", "ann", null));
    assertEquals(List.of("102"), take(late));
  }

  @Test
  void aStalledSubscriberMissesNothingWhenItReadsAgain() {
    Subscription slow = subscribe(hub, ALL, user("ann"), 100);
    for (long position = 101; position <= 20_000; position++) {
      publish(logged(position, "a", "ann", null));
    }
    assertTrue(ids(101, 20_000).equals(take(slow)));
    assertTrue(pagesRead > 0, "what the ring had dropped came from the log");
  }

  @Test
  void aFilterWithoutMatchesInTheLogReadsOnePage() {
    Subscription other = subscribe(hub, Filter.of(Audience.of("bob", false)), user("bob"), 100);
    for (long position = 101; position <= 20_000; position++) {
      publish(logged(position, "a", "ann", null));
    }
    assertEquals(List.of(), take(other));
    assertEquals(1, pagesRead);
  }

  @Test
  void aLogFailureIsRetriedWithTheNextWake() {
    List<Runnable> reading = new ArrayList<>();
    boolean[] down = {true};
    Hub faulty =
        new Hub(
            LIMITS,
            (filter, after, limit) -> {
              if (down[0]) {
                throw new AssertionError("the database is away, of whatever kind the fault is");
              }
              return new LogSource.Page(List.of(logged(100, "a", "ann", null)), 100, 0, 100);
            },
            100,
            new Turns(reading::add, 2),
            Clock.systemUTC());
    Subscription reader = subscribe(faulty, ALL, user("ann"), 99);
    assertNull(reader.next());
    reading.remove(0).run();
    down[0] = false;
    assertNull(reader.next());
    reading.remove(0).run();
    assertEquals(List.of("100"), take(reader));
  }

  @Test
  void rareEventsAreSearchedForInParts() {
    List<Long> asked = new ArrayList<>();
    Hub rare =
        new Hub(
            LIMITS,
            (filter, after, limit) -> {
              asked.add(after);
              List<LoggedEvent> found =
                  after == 60 ? List.of(logged(75, "a", "ann", null)) : List.of();
              return new LogSource.Page(found, after + 20, 0, 100);
            },
            100,
            new Turns(Runnable::run, 2),
            Clock.systemUTC());
    Subscription reader = subscribe(rare, ALL, user("ann"), 20);
    List<String> ids = new ArrayList<>();
    for (int page = 0; page < 6; page++) {
      ids.addAll(take(reader));
    }
    assertEquals(List.of("75"), ids);
    assertEquals(List.of(20L, 40L, 60L, 80L), asked);
  }

  @Test
  void transientEventsDoNotWakePollingClients() {
    Subscription poll = subscribe(hub, ALL, user("ann"), 100);
    int[] woken = {0};
    poll.whenReady(() -> woken[0]++);
    hub.publish(progress("7", "1"));
    assertEquals(0, woken[0]);
    publish(logged(101, "a", "ann", null));
    assertEquals(1, woken[0]);
  }

  @Test
  void anEventCountsEachMatchingSubscriberOnce() {
    subscribe(hub, ALL, user("ann"), 100);
    subscribe(hub, Filter.of(Audience.of("bob", false)), user("bob"), 100);
    Filter others = new Filter(Audience.of("bob", false), List.of("b"), List.of(), List.of(), null);
    subscribe(hub, others, user("bob"), 100);
    Event forAnn = logged(101, "a", "ann", null).event();
    Event forAll = event("b", "ann").visibility(Visibility.PUBLIC).data("{}").build();
    assertEquals(1, hub.matching(List.of(forAnn)));
    assertEquals(3, hub.matching(List.of(forAll)));
    assertEquals(3, hub.matching(List.of(forAll, forAnn, forAll)));
  }

  @Test
  void afterAGapMemoryContinuesAboveIt() {
    publish(logged(101, "a", "ann", null), logged(102, "a", "ann", null));
    publish(logged(1_000_000_000_000L, "a", "ann", null));
    hub.prune(102);
    assertTrue(hub.holds(999_999_999_999L));
    assertFalse(hub.holds(101));
    assertEquals(List.of("1000000000000"), take(subscribe(hub, ALL, user("ann"), 102)));
  }

  @Test
  void aReadDuringAPageLoadKeepsTheOrder() throws Exception {
    int rounds = 500;
    for (long position = 1; position <= 100; position++) {
      log.add(logged(position, "a", "ann", null));
    }
    List<LoggedEvent> newest =
        List.of(logged(101, "a", "ann", null), logged(102, "a", "ann", null));
    log.addAll(newest);
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      for (int round = 0; round < rounds; round++) {
        Hub racing =
            new Hub(
                LIMITS,
                (filter, after, limit) ->
                    new LogSource.Page(
                        log.stream().filter(e -> e.position() > after).limit(limit).toList(),
                        Long.MAX_VALUE,
                        0,
                        102),
                100,
                new Turns(pool, 2),
                Clock.systemUTC());
        racing.publish(newest);
        Subscription reader = subscribe(racing, ALL, user("ann"), 50);
        List<String> ids = new ArrayList<>();
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (ids.size() < 52 && System.nanoTime() < deadline) {
          Frame frame = reader.next(); // reads repeatedly, without waiting for a notification
          if (frame != null) {
            ids.add(frame.toString().substring(4, frame.toString().indexOf('\n')));
          }
        }
        assertEquals(ids(51, 102), ids);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void theNewestProgressReplacesUnsentProgress() {
    Subscription ann = subscribe(hub, ALL, user("ann"), 100);
    hub.publish(progress("job", "{\"p\":1}"));
    hub.publish(progress("job", "{\"p\":2}"));
    hub.publish(progress("other", "{\"p\":3}"));
    List<String> frames = take(ann);
    assertEquals(2, frames.size());
    assertTrue(frames.get(0).contains("{\"p\":2}"));
    assertTrue(frames.get(1).contains("{\"p\":3}"));
  }

  @Test
  void anEndingEventDiscardsPendingProgressOfItsKey() {
    Subscription ann = subscribe(hub, ALL, user("ann"), 100);
    hub.publish(progress("job", "{\"p\":1}"));
    publish(logged(101, "job.completed", "ann", "job"));
    hub.publish(progress("job", "{\"p\":2}"));
    assertEquals(List.of("101"), take(ann));
  }

  @Test
  void anEndedKeyDoesNotHoldBackOthers() {
    Subscription ann = subscribe(hub, ALL, user("ann"), 100);
    hub.publish(progress("job 2", "{\"p\":1}"));
    publish(logged(101, "job.failed", "ann", "job 1"));
    hub.publish(progress("job 2", "{\"p\":2}"));
    List<String> frames = take(ann);
    assertEquals(2, frames.size());
    assertTrue(frames.get(1).contains("{\"p\":2}"));
  }

  @Test
  void anEventForOneUserIsNotOfferedToOthers() {
    Subscription ann = subscribe(hub, Filter.of(Audience.of("ann", false)), user("ann"), 100);
    Subscription bob = subscribe(hub, Filter.of(Audience.of("bob", false)), user("bob"), 100);
    List<String> woken = new ArrayList<>();
    ann.whenReady(() -> woken.add("ann"));
    bob.whenReady(() -> woken.add("bob"));
    publish(logged(101, "a", "ann", null), logged(102, "a", "ann", null));
    assertEquals(List.of("ann"), woken, "once for what it has not looked at yet");
    assertEquals(1, hub.matching(List.of(log.get(0).event(), log.get(1).event())));
  }

  @Test
  void anIdleSubscriberFarBehindTheRingGetsNewEventsWithoutTheLog() {
    Subscription ann = subscribe(hub, Filter.of(Audience.of("ann", false)), user("ann"), 100);
    assertEquals(List.of(), take(ann));
    for (long position = 101; position <= 20_000; position++) {
      publish(logged(position, "a", "bob", null));
    }
    publish(logged(20_001, "a", "ann", null));
    assertEquals(List.of("20001"), take(ann));
    assertEquals(0, pagesRead);
  }

  @Test
  void eventsPrunedUnderASubscriberAreReportedInOrder() {
    for (long position = 1; position <= 100; position++) {
      log.add(logged(position, "a", "ann", null));
    }
    Subscription late = subscribe(hub, ALL, user("ann"), 10);
    pruned = 40;
    List<String> frames = take(late);
    assertEquals(ids(40, 100), frames, "the reset has the id of the last that is gone");
    assertEquals(1, frames.stream().filter("40"::equals).count());
  }

  @Test
  void prunedEventsLeaveTheMemory() {
    publish(logged(101, "a", "ann", null), logged(102, "a", "ann", null));
    assertTrue(hub.holds(100));
    assertTrue(hub.holds(102));
    hub.prune(101);
    assertEquals(false, hub.holds(100));
    assertTrue(hub.holds(101));
    assertEquals(false, hub.holds(103), "nobody has been there");
  }

  @Test
  void aStalledSubscriberHoldsABoundedPartOfTheHeap() throws Exception {
    int readers = 40;
    String large = "x".repeat(60_000);
    Hub big =
        new Hub(
            new Limits(100, 100, 100, HOUR, HOUR, HOUR, HOUR),
            (filter, after, limit) ->
                new LogSource.Page(
                    LongStream.rangeClosed(after + 1, after + limit)
                        .mapToObj(
                            position ->
                                new LoggedEvent(
                                    position,
                                    NOON,
                                    event("a", "ann").data('"' + large + position + '"').build()))
                        .toList(),
                    Long.MAX_VALUE,
                    0,
                    1_000_000),
            1_000_000,
            new Turns(Runnable::run, 2),
            Clock.systemUTC());
    List<Wire> wires = new ArrayList<>();
    List<Subscription> subscriptions = new ArrayList<>();
    long before = used();
    for (int i = 0; i < readers; i++) {
      Wire wire = new Wire();
      wire.blockAfter(1);
      wires.add(wire);
      Subscription subscription = subscribe(big, ALL, user("ann" + i), 10);
      subscription.attach(wire.open(Runnable::run));
      subscriptions.add(subscription);
    }
    for (int i = 0; i < 1_000; i++) {
      big.publish(progress("job" + i, "{\"p\":\"" + "y".repeat(1_000) + "\"}"));
    }
    long each = (used() - before) / readers;
    assertTrue(each < 1_000_000, each + " bytes each");
    assertEquals(readers, subscriptions.size());
    assertTrue(wires.get(0).text().length() > 60_000, "it was at it");
  }

  private static long used() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void connectionsAreLimitedPerUserPerAddressAndInTotal() {
    for (int i = 0; i < 3; i++) {
      subscribe(hub, ALL, user("ann"), 100);
    }
    assertEquals(
        false,
        assertThrows(RefusedException.class, () -> subscribe(hub, ALL, user("ann"), 100)).full());
    Subscription first =
        subscribe(hub, ALL, new Subscriber(null, "10.0.0.2", null, null, null), 100);
    subscribe(hub, ALL, new Subscriber(null, "10.0.0.2", null, null, null), 100);
    assertEquals(
        true,
        assertThrows(RefusedException.class, () -> subscribe(hub, ALL, user("bob"), 100)).full());
    first.cancel();
    first.cancel();
    assertEquals(4, hub.connections());
    subscribe(hub, ALL, user("bob"), 100);
    assertEquals(5, hub.connections());
  }

  @Test
  void aClosedHubRejectsSubscriptions() {
    hub.close();
    assertThrows(RefusedException.class, () -> subscribe(hub, ALL, user("ann"), 100));
  }

  @Test
  void sharedEventsAreSeenByEveryUserButNotAnonymously() {
    Subscription ann = subscribe(hub, Filter.of(Audience.of("ann", false)), user("ann"), 100);
    Subscription root = subscribe(hub, Filter.of(Audience.of("root", true)), user("root"), 100);
    Subscription nobody = subscribe(hub, Filter.of(Audience.of(null, false)), user(null), 100);
    Event shared = event("a", null).visibility(Visibility.SHARED).data("{}").build();
    assertEquals(2, hub.matching(List.of(shared)));
    publish(new LoggedEvent(101, NOON, shared));
    assertEquals(List.of("101"), take(ann));
    assertEquals(List.of("101"), take(root));
    assertEquals(List.of(), take(nobody));
  }

  @Test
  void subscribersWithPresenceAreProbedMoreOften() throws Exception {
    Wire wire = new Wire();
    Format format = new Format(Shape.ENVELOPE, Heartbeat.EVENT);
    Subscription ann =
        hub.subscribe(ALL, user("ann"), Transport.STREAM, format, 100, Instant.now());
    ann.attach(wire.open(Runnable::run));
    hub.tick();
    assertEquals("", wire.text());
    ann.probe(true);
    hub.tick();
    assertTrue(wire.text().startsWith("event: heartbeat\n"), wire.text());
    ann.probe(false);
    String before = wire.text();
    hub.tick();
    assertEquals(before, wire.text());
  }

  @Test
  void aBusyStreamStillGetsVisibleHeartbeats() throws Exception {
    Limits often = new Limits(5, 3, 2, Duration.ofSeconds(1), HOUR, HOUR, HOUR);
    Hub busy =
        new Hub(often, (f, a, l) -> null, 100, new Turns(Runnable::run, 2), Clock.systemUTC());
    Map<Heartbeat, Wire> wires = new java.util.EnumMap<>(Heartbeat.class);
    for (Heartbeat heartbeat : Heartbeat.values()) {
      Wire wire = new Wire();
      wires.put(heartbeat, wire);
      busy.subscribe(
              ALL,
              user(heartbeat.name()),
              Transport.STREAM,
              new Format(Shape.ENVELOPE, heartbeat),
              100,
              Instant.now())
          .attach(wire.open(Runnable::run));
    }
    long[] position = {100};
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              busy.publish(List.of(logged(++position[0], "a", "ann", null)));
              busy.tick();
              return wires.get(Heartbeat.EVENT).text().contains("\nevent: heartbeat\ndata: ")
                  && wires.get(Heartbeat.MESSAGE).text().matches("(?s).*\n\ndata: \\d{13}\n\n.*");
            });
    assertTrue(position[0] > 103, "not with every event");
  }

  @Test
  void aStateWaitsForEventsStillBeingRead() throws Exception {
    Queue<Runnable> reading = new ArrayDeque<>();
    Hub slow = hub(reading::add);
    log.add(logged(99, "a", "ann", null));
    log.add(logged(100, "b", "ann", null));
    Wire wire = new Wire();
    EventStream stream = wire.open(Runnable::run);
    slow.subscribe(ALL, user("ann"), Transport.STREAM, Format.DEFAULT, 98, Instant.now())
        .attach(stream);
    var ignored = stream.sendState("state", Frame.event(null, "state", "of both"));
    assertEquals("", wire.text());
    while (!reading.isEmpty()) {
      reading.remove().run();
    }
    int state = wire.text().indexOf("event: state\n");
    assertTrue(wire.text().indexOf("id: 100\n") > 0, wire.text());
    assertTrue(state > wire.text().indexOf("id: 100\n"), wire.text());
  }

  @Test
  void aShapeCanOmitAnEvent() {
    Shape odd =
        new Shape() {
          @Override
          public Frame frame(Occurrence occurrence) {
            String id = occurrence.id();
            return Long.parseLong(id) % 2 == 1 ? Frame.event(id, null, "odd") : null;
          }
        };
    Subscription ann =
        hub.subscribe(
            Filter.of(Audience.of("ann", false)),
            user("ann"),
            Transport.STREAM,
            new Format(odd, Heartbeat.COMMENT),
            100,
            NOON);
    publish(logged(101, "a", "ann", null), logged(102, "a", "ann", null));
    publish(logged(103, "a", "ann", null), logged(104, "a", "ann", null));
    assertEquals(List.of("101", "103"), take(ann));
  }

  @Test
  void evenAnAdminGetsOnlyTheirOwnPersonalEventsOfAChannel() {
    List<String> channel = List.of("x");
    Filter anns = Filter.of(Audience.of("ann", false)).withChannels(channel);
    Subscription ann = subscribe(hub, anns, user("ann"), 100);
    Filter annsAsAdmin = Filter.of(Audience.of("ann", true)).withChannels(channel);
    Subscription annAsAdmin = subscribe(hub, annsAsAdmin, user("ann"), 100);
    Filter roots = Filter.of(Audience.of("root", true)).withChannels(channel);
    Subscription root = subscribe(hub, roots, user("root"), 100);
    Event personal =
        event("a", "ann").visibility(Visibility.PERSONAL).channel("x").data("{}").build();
    assertEquals(2, hub.matching(List.of(personal)));
    publish(new LoggedEvent(101, NOON, personal));
    assertEquals(List.of("101"), take(ann));
    assertEquals(List.of("101"), take(annAsAdmin));
    assertEquals(List.of(), take(root));
  }

  @Test
  void aChangedFilterAppliesFromTheMomentOfTheChange() {
    Filter a = Filter.of(Audience.of("ann", false)).withChannels(List.of("a"));
    Subscription ann = subscribe(hub, a, user("ann"), 100);
    publish(inChannel(101, "a"), inChannel(102, "b"));
    assertEquals(List.of("101"), take(ann));
    hub.refilter(ann, a.withChannels(List.of("b", "c")));
    publish(inChannel(103, "a"), inChannel(104, "b"));
    assertEquals(List.of("104"), take(ann));
    assertEquals(1, hub.matching(List.of(inChannel(0, "c").event())));
    assertEquals(0, hub.matching(List.of(inChannel(0, "a").event())));
  }

  private static LoggedEvent inChannel(long position, String channel) {
    return new LoggedEvent(
        position,
        NOON,
        event("t", null).visibility(Visibility.PUBLIC).channel(channel).data("{}").build());
  }

  @Test
  void aPollIsNotifiedWhenItsTimeIsOver() {
    AtomicInteger woken = new AtomicInteger();
    Subscription ann =
        hub.subscribe(
            ALL,
            new Subscriber("ann", "::1", Instant.now().minusSeconds(1), null, null),
            Transport.WEBSOCKET,
            Format.DEFAULT,
            100,
            Instant.now());
    ann.whenReady(woken::incrementAndGet);
    assertEquals(1, hub.connections(Transport.WEBSOCKET));
    hub.tick();
    assertEquals(1, woken.get());
    assertEquals(Optional.of("token_expired"), ann.closeReason());
    assertEquals(0, hub.connections(Transport.WEBSOCKET));
    assertEquals(1, hub.closings().get("token_expired").sum());
  }
}
