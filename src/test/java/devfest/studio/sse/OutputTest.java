package devfest.studio.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A stream over an output that sends one frame at a time. */
class OutputTest {

  /** Sends a message at a time, and confirms it when the test says so. */
  private static final class Messages implements Output {

    private final List<String> sent = new ArrayList<>();
    private @Nullable Listener listener;
    private boolean sending;
    private int completed;

    @Override
    public void start(Listener to) {
      listener = to;
    }

    @Override
    public boolean isReady() {
      return !sending;
    }

    @Override
    public int batchBytes() {
      return 1;
    }

    @Override
    public void write(WriteBuffer frames) {
      assertFalse(sending, "one at a time");
      sending = true;
      sent.add(frames.text());
    }

    @Override
    public void flush() {}

    @Override
    public void complete() {
      completed++;
    }

    private Listener listener() {
      return Objects.requireNonNull(listener);
    }

    private void confirm() {
      sending = false;
      listener().writable();
    }
  }

  private final Messages out = new Messages();
  private final EventStream stream =
      EventStream.over(out, Runnable::run, Runnable::run, Encoder.STANDARD);

  @Test
  void eachFrameIsAMessageAndTheNextWaitsForTheLast() {
    Queue<Frame> source = new ArrayDeque<>(List.of(Frame.message("a"), Frame.message("b")));
    stream.from(source::poll);
    assertEquals(List.of("a"), out.sent);
    assertEquals(1, source.size(), "nothing is read ahead");
    assertTrue(stream.isBlocked());
    out.confirm();
    assertEquals(List.of("a", "b"), out.sent);
    out.confirm();
    assertFalse(stream.isBlocked());
    stream.send(Frame.message("é\n"));
    assertEquals(List.of("a", "b", "é\n"), out.sent);
  }

  @Test
  void onlyTheNewestStateWaits() {
    stream.replace("score", Frame.message("0"));
    for (int i = 1; i < 100; i++) {
      stream.replace("score", Frame.message(Integer.toString(i)));
    }
    out.confirm();
    out.confirm();
    assertEquals(List.of("0", "99"), out.sent);
  }

  @Test
  void closingCompletesTheOutputAfterTheLastMessage() {
    stream.send(Frame.message("a"));
    stream.send(Frame.message("bye"));
    stream.close();
    assertEquals(0, out.completed);
    out.confirm();
    out.confirm();
    assertEquals(List.of("a", "bye"), out.sent);
    assertEquals(1, out.completed);
    assertTrue(stream.hasEnded());
  }

  @Test
  void anAbortedStreamDoesNotWaitForItsClient() {
    stream.send(Frame.message("a"));
    stream.close();
    stream.abort();
    assertEquals(1, out.completed);
  }

  @Test
  void aFailedOutputIsCompletedAndOneThatHasEndedIsNot() {
    out.listener().failed(new IOException("cut"));
    assertEquals(1, out.completed);
    assertTrue(stream.ended().toCompletableFuture().isCompletedExceptionally());
    Messages other = new Messages();
    EventStream second = EventStream.over(other, Runnable::run, Runnable::run, Encoder.STANDARD);
    other.listener().ended(null);
    second.abort();
    assertEquals(0, other.completed);
    assertTrue(second.hasEnded());
  }
}
