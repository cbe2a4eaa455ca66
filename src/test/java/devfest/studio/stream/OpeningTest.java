package devfest.studio.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.sse.Encoder;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import devfest.studio.sse.Output;
import devfest.studio.sse.WriteBuffer;
import org.junit.jupiter.api.Test;

/** The first frames of a stream. */
class OpeningTest {

  /** Accepts everything. */
  private static final class Client implements Output {

    private final StringBuilder received = new StringBuilder();
    private boolean completed;

    @Override
    public void start(Listener listener) {}

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public int batchBytes() {
      return 1;
    }

    @Override
    public void write(WriteBuffer frames) {
      received.append(frames.text());
    }

    @Override
    public void flush() {}

    @Override
    public void complete() {
      completed = true;
    }
  }

  private final Client client = new Client();
  private final EventStream stream =
      EventStream.over(client, Runnable::run, Runnable::run, Encoder.STANDARD);

  @Test
  void paddingPrecedesTheGreeting() {
    new Opening.First(0, to -> to.send(Frame.comment("hello"))).greet(stream, 3);
    assertEquals(":    \n\n: hello\n\n", client.received.toString());
    assertFalse(stream.isClosed());
  }

  @Test
  void aGreetingThatFailsEndsTheStreamAndIsNotThrown() {
    Opening.First failing =
        new Opening.First(
            0,
            to -> {
              throw new IllegalArgumentException("as a test");
            });
    failing.greet(stream, 0);
    assertTrue(stream.hasEnded());
    assertTrue(client.completed);
  }

  @Test
  void aGreetingToAClientThatHasDisconnectedIsNotThrown() {
    stream.close();
    new Opening.First(0, to -> to.send(Frame.comment("hello"))).greet(stream, 0);
    assertEquals("", client.received.toString());
    assertTrue(stream.hasEnded());
  }
}
