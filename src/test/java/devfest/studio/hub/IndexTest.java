package devfest.studio.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.events.Audience;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.Subject;
import devfest.studio.events.Visibility;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IndexTest {

  private static final Duration HOUR = Duration.ofHours(1);
  private static final Limits LIMITS = new Limits(1, 1, 1, HOUR, HOUR, HOUR, HOUR);
  private static final List<String> USERS = Arrays.asList("ann", "bob", "root", null);
  private static final List<String> CHANNELS = List.of("a", "b", "c", "ann", "a/1");
  private static final List<String> TYPES = List.of("x", "x.y", "z", "x*", "*");

  private final Hub hub =
      new Hub(LIMITS, (f, a, l) -> null, 100, new Turns(Runnable::run, 1), Clock.systemUTC());
  private final Index index = new Index();

  private Subscription subscription(Filter filter) {
    Instant now = Instant.now();
    return new Subscription(
        hub,
        filter,
        new Subscriber(null, "::1", null, null, null),
        Transport.STREAM,
        Format.DEFAULT,
        100,
        now,
        new Lifetime(LIMITS, Heartbeat.COMMENT, null, now, 0));
  }

  private Subscription add(Filter filter) {
    Subscription added = subscription(filter);
    index.add(added);
    return added;
  }

  private static Event event(String channel) {
    return Event.of("x").visibility(Visibility.PUBLIC).channel(channel).data("{}").build();
  }

  private static <T> T one(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /** Up to three elements, some of them twice. */
  private static <T> List<T> some(Random random, List<T> of) {
    return Stream.generate(() -> one(random, of)).limit(random.nextInt(4)).toList();
  }

  private static List<Subject> subjects(Random random) {
    List<Subject> subjects = new ArrayList<>();
    for (String kind : List.of("photo", "transformation")) {
      if (random.nextInt(3) == 0) {
        subjects.add(new Subject(kind, one(random, List.of("1", "2"))));
      }
    }
    return subjects;
  }

  private static Audience audience(Random random) {
    return random.nextInt(10) == 0
        ? Audience.everything()
        : Audience.of(one(random, USERS), random.nextInt(4) == 0);
  }

  private static Filter filter(Random random) {
    return new Filter(
        audience(random),
        some(random, TYPES),
        random.nextBoolean() ? some(random, CHANNELS) : List.of(),
        subjects(random),
        random.nextInt(3) == 0 ? one(random, USERS) : null);
  }

  private static Event randomEvent(Random random) {
    Event.Builder event =
        Event.of(one(random, List.of("x", "x.y", "z")))
            .visibility(one(random, List.of(Visibility.values())))
            .userId(one(random, USERS))
            .channel(one(random, CHANNELS))
            .data("{}");
    subjects(random).forEach(subject -> event.about(subject.kind(), subject.id()));
    return event.build();
  }

  private List<Subscription> matching(Event event) {
    List<Subscription> matching = new ArrayList<>();
    index.forMatching(event, matching::add);
    return matching;
  }

  private static Set<Subscription> identities(List<Subscription> subscriptions) {
    Set<Subscription> set = Collections.newSetFromMap(new IdentityHashMap<>());
    set.addAll(subscriptions);
    return set;
  }

  /** Compares the event with each subscription. */
  private static List<Subscription> scan(List<Subscription> subscriptions, Event event) {
    return subscriptions.stream().filter(each -> each.filter().matches(event)).toList();
  }

  @Test
  void theIndexFindsTheSubscriptionsThatAScanOfAllFinds() {
    int found = 0;
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      List<Subscription> present = new ArrayList<>();
      for (int step = 0; step < 300; step++) {
        int action = random.nextInt(10);
        if (action < 5 || present.isEmpty()) {
          present.add(add(filter(random)));
        } else if (action < 8) {
          Subscription gone = present.remove(random.nextInt(present.size()));
          assertTrue(index.remove(gone));
          assertFalse(index.remove(gone));
        } else {
          Subscription changed = one(random, present);
          Audience same = changed.filter().audience();
          assertTrue(index.remove(changed));
          changed.filter(filter(random).withAudience(same));
          index.add(changed);
        }
        Event event = randomEvent(random);
        List<Subscription> expected = scan(present, event);
        List<Subscription> actual = matching(event);
        String context = "seed " + seed + ", step " + step + ", " + event;
        assertEquals(identities(expected), identities(actual), context);
        assertEquals(expected.size(), actual.size(), context + ", each once");
        assertEquals(expected.size(), index.count(event), context + ", count");
        found += expected.size();
      }
      assertEquals(present.size(), index.all().size());
      present.forEach(index::remove);
      assertTrue(index.isEmpty(), "nothing is left of seed " + seed);
    }
    assertTrue(found > 100_000, found + " matches");
  }

  @Test
  void anEventIsNotComparedWithSubscriptionsToOtherChannels() {
    Filter everything = Filter.of(Audience.everything());
    List<Subscription> all =
        IntStream.range(0, 20_000)
            .mapToObj(i -> add(everything.withChannels(List.of("c" + i))))
            .toList();
    Event event = event("c7");
    assertFoundWithoutScan(all.get(7), event, all);
  }

  private void assertFoundWithoutScan(Subscription one, Event event, List<Subscription> all) {
    Runnable byIndex = () -> assertEquals(List.of(one), matching(event));
    Runnable byScan = () -> assertEquals(List.of(one), scan(all, event));
    long index = nanos(byIndex);
    long scan = nanos(byScan);
    assertTrue(index * 20 < scan, index + " ns by index, " + scan + " ns by scan");
  }

  /** The shortest time of many, which other work on the machine does not lengthen. */
  private static long nanos(Runnable action) {
    long shortest = Long.MAX_VALUE;
    for (int round = 0; round < 100; round++) {
      long start = System.nanoTime();
      action.run();
      shortest = Math.min(shortest, System.nanoTime() - start);
    }
    return shortest;
  }

  @Test
  void aPrivateEventIsNotComparedWithSubscriptionsOfOtherUsers() {
    List<Subscription> all =
        IntStream.range(0, 20_000)
            .mapToObj(i -> add(Filter.of(Audience.of("u" + i, false))))
            .toList();
    Event event =
        Event.of("x").visibility(Visibility.PRIVATE).userId("u7").channel("c").data("{}").build();
    assertFoundWithoutScan(all.get(7), event, all);
  }
}
