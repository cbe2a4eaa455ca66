package devfest.studio.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.events.Audience;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.TransientEvent;
import devfest.studio.events.Visibility;
import devfest.studio.sse.Frame;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Subscribing, leaving and publishing at the same moment, many times over. */
class HubRaces {

  private static final int ROUNDS = 20_000;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Limits LIMITS = new Limits(10, 10, 10, HOUR, HOUR, HOUR, HOUR);
  private static final Filter ALL =
      Filter.of(Audience.everything()).withChannels(List.of("events"));
  private static final Subscriber ANN = new Subscriber("ann", "::1", null, null, null);
  private static final ExecutorService POOL = Executors.newFixedThreadPool(2);

  private final Hub hub =
      new Hub(
          LIMITS,
          (filter, after, limit) -> {
            throw new IllegalStateException("all of this is in memory");
          },
          100,
          new Turns(Runnable::run, 1),
          Clock.systemUTC());

  private long position = 100;

  @AfterAll
  static void stop() {
    POOL.shutdownNow();
  }

  private LoggedEvent next() {
    Event event = Event.of("a").visibility(Visibility.PUBLIC).channel("events").data("{}").build();
    return new LoggedEvent(++position, Instant.EPOCH, event);
  }

  private Subscription subscribe(long after) {
    return hub.subscribe(ALL, ANN, Transport.STREAM, Format.DEFAULT, after, Instant.now());
  }

  /** Runs both at the same moment. */
  private static void race(Runnable one, Runnable other) throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    List<Future<?>> both = new ArrayList<>();
    for (Runnable each : List.of(one, other)) {
      both.add(
          POOL.submit(
              () -> {
                start.await();
                each.run();
                return null;
              }));
    }
    for (Future<?> each : both) {
      each.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aStreamThatIsOpenedWhileAnEventIsPublishedGetsTheEventsAboveItsPosition() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      LoggedEvent event = next();
      Subscription[] opened = new Subscription[1];
      long[] after = new long[1];
      race(
          () -> hub.publish(List.of(event)),
          () -> {
            after[0] = hub.head();
            opened[0] = subscribe(after[0]);
          });
      if (after[0] < event.position()) {
        assertNotNull(opened[0].next());
      }
      assertNull(opened[0].next());
      hub.publish(List.of(next()));
      assertNotNull(opened[0].next(), "and what follows in any case");
      opened[0].cancel();
    }
    assertEquals(0, hub.connections());
  }

  @Test
  void aPollEitherReadsAnEventFromTheLogOrIsNotifiedOfIt() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      LoggedEvent event = next();
      AtomicBoolean committed = new AtomicBoolean();
      AtomicBoolean read = new AtomicBoolean();
      AtomicBoolean notified = new AtomicBoolean();
      Subscription[] opened = new Subscription[1];
      race(
          () -> {
            committed.set(true);
            hub.publish(List.of(event));
          },
          () -> {
            opened[0] = subscribe(hub.head());
            opened[0].whenReady(() -> notified.set(true));
            read.set(committed.get());
          });
      assertTrue(read.get() || notified.get());
      opened[0].cancel();
    }
  }

  @Test
  void aStreamOfAChannelThatTheLastOtherStreamLeavesGetsTheEventsThatFollow() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Subscription last = subscribe(hub.head());
      LoggedEvent event = next();
      Subscription[] opened = new Subscription[1];
      race(
          () -> hub.publish(List.of(event)),
          () -> {
            last.cancel();
            opened[0] = subscribe(hub.head());
          });
      while (opened[0].next() != null) {} // now it is idle, and must be found to get more
      assertTrue(opened[0].isCaughtUp());
      hub.publish(List.of(next()));
      assertNotNull(opened[0].next());
      opened[0].cancel();
    }
  }

  @Test
  void noProgressFollowsTheEventThatEndsIt() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      String key = "job " + round;
      Event.Builder builder = Event.of("job").visibility(Visibility.PUBLIC).channel("events");
      TransientEvent progress =
          new TransientEvent(key, Instant.EPOCH, builder.data("\"at\"").build());
      LoggedEvent end =
          new LoggedEvent(++position, Instant.EPOCH, builder.data("\"end\"").ends(key).build());
      Subscription reader = subscribe(hub.head());
      boolean[] ended = new boolean[1];
      race(
          () -> {
            hub.publish(progress);
            hub.publish(progress);
            hub.publish(List.of(end));
            hub.publish(progress);
          },
          () -> {
            while (!ended[0]) {
              Frame frame = reader.next();
              ended[0] = frame != null && frame.toString().contains("\"end\"");
            }
          });
      assertNull(reader.next());
      reader.cancel();
    }
  }

  @Test
  void aSlotIsFreedOnceWhenTheStreamEndsOnBothSidesAtOnce() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      Subscription both = subscribe(hub.head());
      race(both::cancel, () -> hub.revoke(ANN::equals));
      assertEquals(0, hub.connections());
      assertEquals(0, hub.slots().inUse(ANN.quotaKey()));
    }
  }
}
