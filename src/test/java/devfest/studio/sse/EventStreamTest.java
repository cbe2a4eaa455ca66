package devfest.studio.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EventStreamTest {

  private final Wire wire = new Wire();

  private static Frame frame(String data) {
    return Frame.event(null, null, data);
  }

  private static CompletableFuture<?> send(EventStream stream, String data) {
    return stream.send(frame(data)).toCompletableFuture();
  }

  @Test
  void aStageCompletesOnlyOnceTheSocketHasTakenTheBytes() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    assertTrue(send(stream, "taken").isDone());

    wire.blockAfter(5);
    CompletableFuture<?> written = send(stream, "written, but the socket is full now");
    CompletableFuture<?> waiting = send(stream, "waits");
    assertFalse(written.isDone());
    assertFalse(waiting.isDone());

    wire.unblock();
    assertTrue(written.isDone());
    assertTrue(waiting.isDone());
    assertTrue(wire.text().endsWith("data: waits\n\n"));
  }

  @Test
  void aStageFailsIfTheStreamEndsFirst() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    wire.block();
    CompletableFuture<?> waiting = send(stream, "x");
    stream.abort();
    assertTrue(waiting.isCompletedExceptionally());
    assertThrows(IllegalStateException.class, () -> send(stream, "y"));
  }

  @Test
  void pendingFramesAreLimitedAndMoreAreRejected() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    wire.block();
    int accepted = 0;
    CompletableFuture<?> last = send(stream, "x".repeat(10_000));
    while (!last.isCompletedExceptionally()) {
      accepted += 10_000;
      last = send(stream, "x".repeat(10_000));
    }
    assertTrue(accepted <= EventStream.MAX_PENDING_BYTES);
    assertTrue(accepted > EventStream.MAX_PENDING_BYTES - 20_000);
    wire.unblock();
    assertTrue(send(stream, "again").isDone(), "there is room again");
  }

  @Test
  void pendingFramesAreWrittenTogether() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    wire.block();
    for (int i = 0; i < 100; i++) {
      stream.send(frame("event " + i));
    }
    int before = wire.writes();
    wire.unblock();
    assertEquals(1, wire.writes() - before);
    assertTrue(wire.text().endsWith("data: event 98\n\ndata: event 99\n\n"));
  }

  @Test
  void theSourceIsReadOnlyWhileTheSocketTakesBytes() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    int[] asked = {0};
    wire.blockAfter(100);
    stream.from(
        () -> {
          asked[0]++;
          return frame("x".repeat(1_000));
        });
    int whenBlocked = asked[0];
    assertTrue(whenBlocked < 100, "one write's worth, and then no more");
    stream.wake();
    stream.wake();
    assertEquals(whenBlocked, asked[0]);
  }

  @Test
  void theLastBytesAreWrittenWhenTheContainerCallsBackDuringAWrite() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    Queue<Frame> left = new ArrayDeque<>(List.of(frame("1"), frame("2"), frame("3")));
    // As Undertow does: it calls onWritePossible during the write, without cause.
    wire.duringWrite(
        () -> {
          try {
            wire.listener().onWritePossible();
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    stream.from(left::poll);
    assertEquals("data: 1\n\ndata: 2\n\ndata: 3\n\n", wire.text());
  }

  @Test
  void closingWritesPendingFramesAndThenEndsTheResponse() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    wire.block();
    stream.send(frame("the last"));
    stream.close();
    assertTrue(stream.isClosed());
    assertFalse(wire.isCompleted());
    wire.unblock();
    assertEquals("data: the last\n\n", wire.text());
    assertTrue(wire.isCompleted());
    assertTrue(stream.hasEnded());
    stream.close(); // and again, without effect
  }

  @Test
  void aBrokenConnectionEndsTheStreamWithTheFault() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    List<Throwable> ends = new ArrayList<>();
    stream.ended().whenComplete((none, fault) -> ends.add(fault));
    wire.cut();
    CompletableFuture<?> sent = send(stream, "x");
    assertTrue(sent.isCompletedExceptionally());
    assertEquals(1, ends.size());
    assertTrue(ends.get(0) instanceof IOException);
    assertTrue(wire.isCompleted());
  }

  @Test
  void aResponseThatIsSlowToCompleteDelaysNoOtherStream() throws Exception {
    Queue<Runnable> closing = new ArrayDeque<>();
    EventStream stream = wire.open(Runnable::run, closing::add);
    stream.close();
    assertTrue(stream.hasEnded());
    assertFalse(wire.isCompleted(), "that is for another thread");
    closing.remove().run();
    assertTrue(wire.isCompleted());
  }

  @Test
  void aFailingSourceEndsTheStream() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    stream.from(
        () -> {
          throw new UnsupportedOperationException("broken");
        });
    assertTrue(stream.hasEnded());
    assertTrue(wire.isCompleted());
  }

  @Test
  void anErrorReportedByTheContainerEndsTheStream() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    wire.listener().onError(new IOException("reset by peer"));
    assertTrue(stream.hasEnded());
    assertTrue(wire.isCompleted());
  }

  @Test
  void manyThreadsCanSendWhileTheSocketPausesAndContinues() throws Exception {
    ExecutorService writer = Executors.newFixedThreadPool(2);
    ExecutorService senders = Executors.newFixedThreadPool(4);
    try {
      EventStream stream = wire.open(writer);
      Queue<CompletableFuture<?>> stages = new ConcurrentLinkedQueue<>();
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        int name = thread;
        running.add(
            senders.submit(
                () -> {
                  for (int i = 0; i < 2_000; i++) {
                    stages.add(send(stream, name + ":" + i));
                  }
                }));
      }
      for (int i = 0; i < 200; i++) {
        wire.block();
        Thread.onSpinWait();
        wire.unblock();
      }
      for (Future<?> future : running) {
        future.get(20, TimeUnit.SECONDS);
      }
      wire.unblock();
      CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
      String text = wire.text();
      assertEquals(8_000, text.split("\n\n").length);
      for (int thread = 0; thread < 4; thread++) {
        int from = 0;
        for (int i = 0; i < 2_000; i++) {
          from = text.indexOf("data: " + thread + ":" + i + "\n", from);
          assertTrue(from >= 0, "in the order in which the thread sent them");
        }
      }
    } finally {
      senders.shutdownNow();
      writer.shutdownNow();
    }
  }

  @Test
  void aFrameSentRightBeforeTheEndIsWritten() throws Exception {
    EventStream stream = wire.open(Runnable::run);
    List<String> last = new ArrayList<>(List.of("last"));
    stream.from(
        () -> {
          if (!last.isEmpty()) {
            stream.send(Frame.event(null, null, last.remove(0)));
            stream.close();
          }
          return null;
        });
    assertEquals("data: last\n\n", wire.text());
    assertTrue(stream.hasEnded());
  }
}
