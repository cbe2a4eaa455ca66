package devfest.studio.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import devfest.studio.sse.Wire;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ConnectionTest {

  private final Wire wire = new Wire();
  private final Connection connection = new Connection(Shape.DATA, Clock.systemUTC());

  private EventStream attach() throws IOException {
    EventStream stream = wire.open(Runnable::run);
    connection.attach(stream);
    return stream;
  }

  private static Frame frame(String data) {
    return Frame.event(null, null, data);
  }

  @Test
  void aFrameIsWrittenToTheAttachedStream() throws Exception {
    connection.send(frame("early"));
    assertSame(attach(), connection.stream());
    connection.send(frame("a"));
    assertEquals("data: a\n\n", wire.text());
  }

  @Test
  void aBlockedStreamGetsNoFrame() throws Exception {
    EventStream stream = attach();
    wire.block();
    stream.send(frame("pending"));
    assertTrue(stream.isBlocked());
    connection.send(frame("skipped"));
    wire.unblock();
    connection.send(frame("later"));
    assertEquals("data: pending\n\ndata: later\n\n", wire.text());
  }

  @Test
  void wakingWritesTheNextFrameOfTheStream() throws Exception {
    EventStream stream = attach();
    AtomicInteger next = new AtomicInteger();
    stream.from(() -> next.get() == 1 && next.getAndIncrement() == 1 ? frame("ready") : null);
    next.set(1);
    connection.wake();
    assertEquals("data: ready\n\n", wire.text());
  }

  @Test
  void wakingAndClosingRunTheAttachedAction() {
    AtomicInteger runs = new AtomicInteger();
    connection.wake();
    connection.attach(runs::incrementAndGet);
    connection.wake();
    assertEquals(1, runs.get());
    connection.markClosed("lifetime");
    connection.close();
    assertEquals(2, runs.get());
    assertEquals(Optional.of("lifetime"), connection.closeReason());
    assertNull(connection.stream());
    assertTrue(connection.hasEnded());
  }

  @Test
  void closingSendsTheReasonOnceAndEndsTheStream() throws Exception {
    EventStream stream = attach();
    assertEquals(Optional.empty(), connection.closeReason());
    connection.markClosed("revoked");
    connection.close();
    connection.close();
    assertEquals("event: stream.closed\ndata: {\"reason\":\"revoked\"}\n\n", wire.text());
    assertTrue(stream.hasEnded());
    assertTrue(connection.hasEnded());
    connection.send(frame("late"));
    assertFalse(wire.text().contains("late"));
  }

  @Test
  void aClientThatDoesNotReadTheReasonHasTimeToDoSo() throws Exception {
    EventStream stream = attach();
    wire.block();
    connection.markClosed("stalled");
    connection.close();
    assertFalse(connection.hasEnded());
    assertFalse(stream.hasEnded());
    wire.unblock();
    assertTrue(wire.text().contains("\"stalled\""));
    assertTrue(connection.hasEnded());
  }

  @Test
  void abortingEndsTheStreamAtOnce() throws Exception {
    connection.abort();
    EventStream stream = attach();
    wire.block();
    connection.markClosed("shutdown");
    connection.close();
    connection.abort();
    assertTrue(stream.hasEnded());
    assertEquals("", wire.text());
  }
}
