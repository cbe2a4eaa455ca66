package devfest.studio.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import devfest.studio.events.Audience;
import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Visibility;
import devfest.studio.sse.Frame;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CursorTest {

  private static final Filter ALL = Filter.of(Audience.everything());

  private final Ring ring = new Ring(64, 1_000_000);
  private final List<Long> loads = new ArrayList<>();
  private long head = 100;
  private final Cursor cursor = new Cursor(ring, () -> head, loads::add, 100);

  private static LoggedEvent event(long position) {
    Event event = Event.of("a").visibility(Visibility.PUBLIC).channel("events").data("{}").build();
    return new LoggedEvent(position, Instant.EPOCH, event);
  }

  /** Publishes events up to the position, as the hub does: first the ring, then the head. */
  private void publish(long upTo) {
    while (head < upTo) {
      ring.put(Ring.Entry.of(event(head + 1)));
      head++;
    }
  }

  /** The position of the next event; null when there is none now. */
  private String next() {
    Frame frame = cursor.next(ALL, Shape.DATA);
    return frame == null ? null : frame.toString().split("\n", 2)[0];
  }

  @Test
  void atTheHeadItIsIdle() {
    assertEquals(Cursor.State.DUE, cursor.state());
    assertNull(next());
    assertEquals(Cursor.State.IDLE, cursor.state());
  }

  @Test
  void onlyTheFirstMarkOfAnIdleCursorWakesTheWriter() {
    assertFalse(cursor.mark(101), "nobody has looked yet, so somebody will");
    assertNull(next());
    publish(102);
    assertTrue(cursor.mark(101));
    assertFalse(cursor.mark(102));
    assertEquals(Cursor.State.DUE, cursor.state());
    assertEquals("id: 101", next());
    assertEquals("id: 102", next());
    assertNull(next());
    assertEquals(Cursor.State.IDLE, cursor.state());
  }

  @Test
  void aMarkSkipsEventsThatDoNotMatch() {
    assertNull(next());
    publish(1_000);
    cursor.mark(1_000);
    assertEquals("id: 1000", next());
    assertEquals(List.of(), loads, "though the ring does not reach back to 101");
  }

  @Test
  void anEventPublishedBeforeTheCursorIdlesIsFoundDespiteItsIgnoredMark() {
    boolean[] raced = {false};
    Cursor racing =
        new Cursor(
            ring,
            () -> {
              long seen = head;
              if (!raced[0]) {
                raced[0] = true;
                publish(101); // right after the cursor has looked at the head
              }
              return seen;
            },
            loads::add,
            100);
    Frame frame = racing.next(ALL, Shape.DATA);
    assertEquals("id: 101", frame.toString().split("\n", 2)[0]);
  }

  @Test
  void belowTheRingItLoadsAPageAndReturnsThatFirst() {
    publish(200);
    assertNull(next());
    assertEquals(Cursor.State.LOADING, cursor.state());
    assertEquals(List.of(100L), loads);
    assertFalse(cursor.mark(200));
    assertNull(next(), "and it does not ask twice");
    assertEquals(1, loads.size());
    cursor.complete(new Pages.Page(null, List.of(event(101), event(120)), 198));
    assertEquals(Cursor.State.PAGE, cursor.state());
    assertEquals("id: 101", next());
    assertEquals("id: 120", next());
    assertEquals("id: 199", next(), "from the ring, above what the page covers");
    assertEquals("id: 200", next());
    assertNull(next());
    assertEquals(Cursor.State.IDLE, cursor.state());
  }

  @Test
  void aResetPrecedesTheEventsOfItsPage() {
    publish(200);
    assertNull(next());
    cursor.complete(new Pages.Page(Frame.event("150", "stream.reset", "{}"), List.of(), 200));
    assertEquals("id: 150", next());
    assertNull(next());
    assertEquals(Cursor.State.IDLE, cursor.state());
  }

  @Test
  void aFailedLoadIsRetriedWithTheNextCall() {
    publish(200);
    assertNull(next());
    cursor.fail();
    assertEquals(Cursor.State.FAILED, cursor.state());
    assertFalse(cursor.mark(200));
    assertNull(next());
    assertEquals(Cursor.State.LOADING, cursor.state());
    assertEquals(List.of(100L, 100L), loads);
  }

  @Test
  void itCanStartElsewhereOrIdle() {
    cursor.startAfter(150);
    publish(160);
    assertEquals("id: 151", next());
    cursor.startIdle();
    assertNull(next());
    assertTrue(cursor.mark(161));
  }

  /** The first mark comes before the cursor is idle, and the second one after it. */
  @Test
  void aMarkThatWasIgnoredIsNotSkippedByTheNextOne() {
    Ring events = new Ring(64, 1_000_000);
    AtomicLong newest = new AtomicLong(100);
    AtomicInteger looks = new AtomicInteger();
    List<Cursor> marked = new ArrayList<>();
    Cursor cursor =
        new Cursor(
            events,
            () -> {
              long seen = newest.get();
              switch (looks.incrementAndGet()) {
                case 1 -> { // a batch is published after the writer has looked
                  events.put(Ring.Entry.of(logged(101)));
                  events.put(Ring.Entry.of(logged(102)));
                  newest.set(102);
                  assertFalse(marked.get(0).mark(101));
                }
                case 2 -> {
                  assertTrue(marked.get(0).mark(102));
                  seen = newest.get();
                }
                default -> {}
              }
              return seen;
            },
            position -> fail("the ring has it"),
            100);
    marked.add(cursor);
    Filter all = Filter.of(Audience.everything());
    List<Frame> given = new ArrayList<>();
    for (Frame frame = cursor.next(all, Shape.DATA);
        frame != null;
        frame = cursor.next(all, Shape.DATA)) {
      given.add(frame);
    }
    assertEquals(2, given.size(), given::toString);
    assertEquals(Cursor.State.IDLE, cursor.state());
  }

  private static LoggedEvent logged(long position) {
    Event event = Event.of("a").visibility(Visibility.PUBLIC).channel("events").data("{}").build();
    return new LoggedEvent(position, Instant.EPOCH, event);
  }
}
