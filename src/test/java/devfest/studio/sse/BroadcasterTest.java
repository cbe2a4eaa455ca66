package devfest.studio.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.glassfish.jersey.media.sse.OutboundEvent;
import org.junit.jupiter.api.Test;

class BroadcasterTest {

  private final Broadcaster broadcaster = new Broadcaster();
  private final Wire ann = new Wire();
  private final Wire bob = new Wire();

  private static OutboundSseEvent event(String data) {
    return new OutboundEvent.Builder().data(data).build();
  }

  private EventStream join(Wire wire) throws IOException {
    EventStream stream = wire.open(Runnable::run);
    broadcaster.register(stream);
    return stream;
  }

  @Test
  void allClientsGetABroadcast() throws Exception {
    join(ann);
    join(bob);
    assertTrue(broadcaster.broadcast(event("x")).toCompletableFuture().isDone());
    assertEquals("data: x\n\n", ann.text());
    assertEquals("data: x\n\n", bob.text());
  }

  @Test
  void aStalledClientDelaysNobody() throws Exception {
    join(ann);
    join(bob);
    ann.block();
    CompletableFuture<?> first = broadcaster.broadcast(event("1")).toCompletableFuture();
    broadcaster.broadcast(event("2"));
    assertEquals("data: 1\n\ndata: 2\n\n", bob.text());
    assertFalse(first.isDone(), "not every reader has it");
    ann.unblock();
    assertTrue(first.isDone());
    assertEquals(bob.text(), ann.text());
  }

  @Test
  void aClientThatMissesAnEventIsReportedAndDisconnected() throws Exception {
    List<SseEventSink> failed = new ArrayList<>();
    broadcaster.onError((sink, fault) -> failed.add(sink));
    EventStream slow = join(ann);
    join(bob);
    ann.block();
    String large = "x".repeat(100_000);
    int count = 0;
    while (failed.isEmpty()) {
      broadcaster.broadcast(event(large));
      count++;
    }
    assertEquals(List.of(slow), failed);
    assertTrue(slow.hasEnded());
    assertEquals(1, broadcaster.size());
    assertEquals(count, bob.text().split("\n\n").length, "the other has them all");
  }

  @Test
  void aFailingListenerDoesNotAffectOthersAndItsStreamEnds() throws Exception {
    List<SseEventSink> closed = new ArrayList<>();
    broadcaster.onError(
        (sink, fault) -> {
          throw new IllegalArgumentException("a mistake");
        });
    broadcaster.onClose(closed::add);
    EventStream slow = join(ann);
    ann.block();
    String large = "x".repeat(100_000);
    while (closed.isEmpty()) {
      broadcaster.broadcast(event(large));
    }
    assertEquals(List.of(slow), closed);
    assertTrue(slow.hasEnded());
  }

  @Test
  void eachEndIsReportedOnce() throws Exception {
    List<String> told = new ArrayList<>();
    EventStream a = join(ann);
    EventStream b = join(bob);
    broadcaster.onError((sink, fault) -> told.add("error " + (sink == a ? "a" : "b")));
    broadcaster.onClose(sink -> told.add("close " + (sink == a ? "a" : "b")));
    a.close();
    bob.cut();
    broadcaster.broadcast(event("x"));
    broadcaster.broadcast(event("y"));
    assertTrue(b.hasEnded());
    assertEquals(List.of("close a", "error b", "close b"), told);
  }

  @Test
  void allClientsSeeOneOrderDespiteRacingBroadcasters() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      broadcaster.register(ann.open(writer));
      broadcaster.register(bob.open(writer));
      List<Future<?>> running = new ArrayList<>();
      List<CompletableFuture<?>> stages = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        int name = thread;
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 1_000; i++) {
                    CompletableFuture<?> stage =
                        broadcaster.broadcast(event(name + ":" + i)).toCompletableFuture();
                    synchronized (stages) {
                      stages.add(stage);
                    }
                  }
                }));
      }
      for (Future<?> future : running) {
        future.get(20, TimeUnit.SECONDS);
      }
      CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
      assertEquals(4_000, ann.text().split("\n\n").length);
      assertTrue(ann.text().equals(bob.text()));
    } finally {
      threads.shutdownNow();
      writer.shutdownNow();
    }
  }

  @Test
  void closingEndsAllStreamsAndRejectsNewOnes() throws Exception {
    EventStream stream = join(ann);
    broadcaster.broadcast(event("last"));
    broadcaster.close();
    assertTrue(stream.hasEnded());
    assertTrue(ann.isCompleted());
    assertEquals("data: last\n\n", ann.text());
    assertThrows(IllegalStateException.class, () -> broadcaster.broadcast(event("late")));
    assertThrows(IllegalStateException.class, () -> join(bob));
  }

  @Test
  void closingWithoutCascadeLeavesTheStreamsOpen() throws Exception {
    EventStream stream = join(ann);
    broadcaster.close(false);
    assertFalse(stream.isClosed());
    assertEquals(0, broadcaster.size());
  }
}
