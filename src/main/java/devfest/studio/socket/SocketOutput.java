package devfest.studio.socket;

import devfest.studio.sse.Output;
import devfest.studio.sse.WriteBuffer;
import jakarta.websocket.SendResult;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket as the output of a stream: each frame is a text message, and the next one is sent
 * when the server has passed the previous one to the socket.
 */
final class SocketOutput implements Output {

  private final Link link;
  private final Supplier<String> closeReason;
  private volatile boolean sending;
  private volatile @Nullable Listener listener;

  /**
   * @param closeReason why the stream has ended, called at its end
   */
  SocketOutput(Link link, Supplier<String> closeReason) {
    this.link = link;
    this.closeReason = closeReason;
  }

  @Override
  public void start(Listener to) {
    listener = to;
    link.ended().whenComplete((none, fault) -> to.ended(fault));
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
  public void write(WriteBuffer frames) throws IOException {
    sending = true;
    try {
      link.send(frames.text(), this::sent);
    } catch (RuntimeException e) {
      throw new IOException("The socket was closed concurrently.", e);
    }
  }

  private void sent(SendResult result) {
    Listener to = Objects.requireNonNull(listener, "started before the first write");
    sending = false;
    if (result.isOK()) {
      to.writable();
    } else {
      to.failed(result.getException());
    }
  }

  /** Nothing to do: a message is sent as a whole. */
  @Override
  public void flush() {}

  @Override
  public void complete() {
    link.close(closeReason.get());
  }
}
