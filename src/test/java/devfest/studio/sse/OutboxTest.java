package devfest.studio.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private static final FrameSource NOTHING = () -> null;

  private final Outbox outbox = new Outbox(1_000);

  private static Frame frame(String data) {
    return Frame.event(null, null, data);
  }

  /** The data of what goes into one write, joined by spaces. */
  private String gather(FrameSource source) throws IOException {
    WriteBuffer bytes = new WriteBuffer();
    outbox.fill(bytes, source);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    bytes.writeTo(out);
    return out.toString(StandardCharsets.UTF_8).replace("data: ", "").replace("\n\n", " ").strip();
  }

  private static CompletableFuture<?> future(CompletionStage<?> stage) {
    return stage.toCompletableFuture();
  }

  @Test
  void sentFramesPrecedeTheSourceAndStatesComeLast() throws Exception {
    Queue<Frame> source = new ArrayDeque<>(List.of(frame("3"), frame("4")));
    outbox.addState("s", frame("5"));
    outbox.add(frame("1"));
    outbox.replace("k", frame("2"));
    assertEquals("1 2 3 4 5", gather(source::poll));
    assertEquals("", gather(NOTHING));
  }

  @Test
  void aStateWaitsWhileTheSourceIsBeingRead() throws Exception {
    outbox.addState("s", frame("state"));
    assertEquals("", gather(FrameSource.PAUSED));
    assertEquals("state", gather(NOTHING));
  }

  @Test
  void aNewerFrameReplacesTheOlderOneOfItsKeyAndCompletesItsStage() throws Exception {
    CompletableFuture<?> older = future(outbox.replace("a", frame("1")));
    outbox.replace("b", frame("2"));
    CompletableFuture<?> newer = future(outbox.replace("a", frame("3")));
    assertTrue(older.isDone());
    assertFalse(newer.isDone());
    assertEquals("2 3", gather(NOTHING));
  }

  @Test
  void aNewerStateReplacesTheOlderOneOfItsKeyAndCompletesItsStage() throws Exception {
    CompletableFuture<?> older = future(outbox.addState("a", frame("1")));
    CompletableFuture<?> newer = future(outbox.addState("a", frame("2")));
    assertTrue(older.isDone());
    assertFalse(newer.isDone());
    assertEquals("2", gather(NOTHING));
  }

  @Test
  void aStageCompletesWhenItsBatchIsTaken() throws Exception {
    CompletableFuture<?> sent = future(outbox.add(frame("1")));
    CompletableFuture<?> state = future(outbox.addState("s", frame("2")));
    outbox.confirm();
    assertFalse(sent.isDone());
    assertEquals("1 2", gather(NOTHING));
    assertFalse(sent.isDone());
    outbox.confirm();
    assertTrue(sent.isDone());
    assertTrue(state.isDone());
  }

  @Test
  void sentFramesAreLimitedButReplacementsAreNot() throws Exception {
    String large = "x".repeat(600);
    assertFalse(future(outbox.add(frame(large))).isDone());
    assertTrue(future(outbox.add(frame(large))).isCompletedExceptionally());
    assertFalse(future(outbox.replace("k", frame(large))).isDone());
    assertEquals(large + ' ' + large, gather(NOTHING));
    assertFalse(future(outbox.add(frame(large))).isDone(), "there is room again");
  }

  @Test
  void aSingleFrameCanExceedTheBound() throws Exception {
    String large = "x".repeat(5_000);
    assertFalse(future(outbox.add(frame(large))).isDone());
    assertEquals(large, gather(NOTHING));
  }

  @Test
  void aFullWriteLeavesTheRestForTheNext() throws Exception {
    String full = "x".repeat(70_000);
    outbox.add(frame(full));
    outbox.replace("k", frame("next"));
    outbox.addState("s", frame("last"));
    assertEquals(full, gather(NOTHING));
    assertEquals("next last", gather(NOTHING));
  }

  @Test
  void onceClosedItReturnsPendingFramesOnly() throws Exception {
    outbox.add(frame("1"));
    outbox.addState("s", frame("2"));
    outbox.close();
    assertThrows(IllegalStateException.class, () -> outbox.add(frame("3")));
    assertThrows(IllegalStateException.class, () -> outbox.replace("k", frame("3")));
    assertThrows(IllegalStateException.class, () -> outbox.addState("s", frame("3")));
    assertEquals("1 2", gather(FrameSource.PAUSED));
  }

  @Test
  void pendingFramesFailWithTheReason() throws Exception {
    CompletableFuture<?> gathered = future(outbox.add(frame("1")));
    assertEquals("1", gather(NOTHING));
    CompletableFuture<?> sent = future(outbox.add(frame("2")));
    CompletableFuture<?> state = future(outbox.addState("s", frame("3")));
    outbox.fail(new IOException("the end"));
    for (CompletableFuture<?> each : List.of(gathered, sent, state)) {
      assertTrue(each.isCompletedExceptionally());
    }
    assertTrue(outbox.isClosed());
    assertEquals("", gather(NOTHING));
  }

  @Test
  void aFailingSourceIsReported() {
    FrameSource broken =
        () -> {
          throw new UnsupportedOperationException("broken");
        };
    assertThrows(IOException.class, () -> outbox.fill(new WriteBuffer(), broken));
  }
}
