package devfest.studio.socket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.sse.Sink;
import jakarta.websocket.SendResult;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket as the sink of a state: the data of each event is sent as a text message. While a
 * message is being sent, only the newest further message is kept. Safe for use from many threads.
 */
final class SocketSink implements Sink {

  private final Link link;

  /** Whether a message is being sent. */
  @GuardedBy("this")
  private boolean busy;

  /** The message to send next, and its stage. */
  private @Nullable String next;

  private CompletableFuture<Object> nextSent = new CompletableFuture<>();

  SocketSink(Link link) {
    this.link = link;
  }

  /**
   * @return completes when the message, or a newer message that replaced it, has been sent
   * @throws IllegalStateException if the socket is closed
   */
  @Override
  public CompletionStage<?> send(OutboundSseEvent event) {
    if (isClosed()) {
      throw new IllegalStateException("The WebSocket is closed.");
    }
    return send((String) event.getData());
  }

  private CompletionStage<?> send(String text) {
    CompletableFuture<Object> sent;
    synchronized (this) {
      sent = nextSent;
      next = text;
      if (busy) {
        return sent;
      }
      busy = true;
    }
    sendNext();
    return sent;
  }

  private void sendNext() {
    String text;
    CompletableFuture<Object> sent;
    synchronized (this) {
      if (next == null || link.hasEnded()) {
        busy = false;
        return;
      }
      text = next;
      sent = nextSent;
      next = null;
      nextSent = new CompletableFuture<>();
    }
    try {
      link.send(text, result -> sent(sent, result));
    } catch (RuntimeException e) { // the socket was closed concurrently
      sent.completeExceptionally(e);
      link.end(e);
    }
  }

  private void sent(CompletableFuture<Object> sent, SendResult result) {
    if (result.isOK()) {
      sent.complete(null);
      sendNext();
    } else {
      sent.completeExceptionally(result.getException());
      link.end(result.getException());
    }
  }

  @Override
  public boolean isClosed() {
    return link.hasEnded();
  }

  @Override
  public CompletionStage<Void> ended() {
    return link.ended();
  }

  @Override
  public void close() {
    link.end(null);
  }
}
