package devfest.studio.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.events.Audience;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Visibility;
import devfest.studio.sse.Frame;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A cursor's writer, the publisher and the reader of a page take turns in many orders, which a
 * model checker chooses: no event is lost, none is given twice, and an idle writer is woken.
 */
class CursorRaces {

  /** Enough to find a cursor that does not look at the head again after it has become idle. */
  private static final int ORDERS = 200;

  private static final Filter ALL = Filter.of(Audience.everything());
  private static final List<LoggedEvent> EVENTS = List.of(event(101), event(102), event(103));
  private static final Frame RESET = Frame.event("101", "stream.reset", "{}");
  private static final List<Ring.Entry> ENTRIES = EVENTS.stream().map(Ring.Entry::of).toList();

  /** Encoding has no part in the race, and its many steps would multiply the orders. */
  @BeforeAll
  static void encode() {
    ENTRIES.forEach(entry -> entry.frames().in(Shape.DATA));
  }

  private static Frame frame(int event) {
    return ENTRIES.get(event).frames().in(Shape.DATA);
  }

  private static LoggedEvent event(long position) {
    Event event = Event.of("a").visibility(Visibility.PUBLIC).channel("events").data("{}").build();
    return new LoggedEvent(position, Instant.EPOCH, event);
  }

  /** A hub around one cursor: what it publishes, and which wakes it owes to the writer. */
  private static final class Scene {
    private final Ring ring = new Ring(8, 1_000_000);
    private final AtomicLong head = new AtomicLong(100);
    private final AtomicLong asked = new AtomicLong();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Cursor cursor = new Cursor(ring, head::get, asked::set, 100);

    /** Used by one thread at a time. */
    private final List<Frame> given = new ArrayList<>();

    void publish(int event) {
      Ring.Entry entry = ENTRIES.get(event);
      ring.put(entry);
      head.set(entry.position());
      if (cursor.mark(entry.position())) {
        woken.set(true);
      }
    }

    /** As the hub publishes a batch: the head first, then the marks. */
    void publishTogether(int... events) {
      for (int event : events) {
        ring.put(ENTRIES.get(event));
      }
      head.set(ENTRIES.get(events[events.length - 1]).position());
      for (int event : events) {
        if (cursor.mark(ENTRIES.get(event).position())) {
          woken.set(true);
        }
      }
    }

    void write() {
      for (Frame frame = next(); frame != null; frame = next()) {
        given.add(frame);
      }
    }

    private Frame next() {
      return cursor.next(ALL, Shape.DATA);
    }

    /** As the stream does: it writes again after a wake. */
    void writeAgainIfWoken() {
      if (woken.getAndSet(false)) {
        write();
      }
    }
  }

  private static void run(Runnable... actions) {
    List<Thread> threads = new ArrayList<>();
    for (Runnable action : actions) {
      threads.add(new Thread(action));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void aMarkThatMeetsACursorGoingIdleIsNotLost() {
    Lincheck.runConcurrentTest(
        ORDERS,
        () -> {
          Scene scene = new Scene();
          run(
              () -> {
                scene.publish(0);
                scene.publish(1);
              },
              scene::write);
          scene.writeAgainIfWoken();
          assertEquals(List.of(frame(0), frame(1)), scene.given);
          assertEquals(Cursor.State.IDLE, scene.cursor.state());
        });
  }

  @Test
  void aBatchThatMeetsACursorGoingIdleIsNotLost() {
    Lincheck.runConcurrentTest(
        ORDERS,
        () -> {
          Scene scene = new Scene();
          run(() -> scene.publishTogether(0, 1), scene::write);
          scene.writeAgainIfWoken();
          assertEquals(List.of(frame(0), frame(1)), scene.given);
          assertEquals(Cursor.State.IDLE, scene.cursor.state());
        });
  }

  @Test
  void aPageThatArrivesWhileTheWriterAsksAndMoreIsPublishedIsGivenInOrder() {
    Lincheck.runConcurrentTest(
        ORDERS,
        () -> {
          Scene scene = new Scene();
          scene.publish(0);
          scene.publish(1);
          scene.ring.prune(101);
          scene.write();
          assertEquals(100, scene.asked.get());
          run(
              () -> {
                scene.cursor.complete(new Pages.Page(RESET, List.of(), 101));
                scene.woken.set(true);
              },
              () -> scene.publish(2),
              scene::write);
          scene.writeAgainIfWoken();
          assertEquals(List.of(RESET, frame(1), frame(2)), scene.given);
          assertEquals(Cursor.State.IDLE, scene.cursor.state());
        });
  }
}
