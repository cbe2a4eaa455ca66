package devfest.studio.socket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.sse.Sink;
import jakarta.websocket.CloseReason;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket as the sink of a state: the data of each event is sent as a text message. While a
 * message is being sent, only the newest further message is kept. Safe for use from many threads.
 */
final class SocketSink implements Sink {

  private final Session session;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final AtomicReference<CloseReason> closing = new AtomicReference<>();

  /** Whether a message is being sent. */
  @GuardedBy("this")
  private boolean busy;

  /** The message to send next, and its stage. */
  private @Nullable String next;

  private CompletableFuture<Object> nextSent = new CompletableFuture<>();

  private volatile long heardAt = System.nanoTime();

  SocketSink(Session session) {
    this.session = session;
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
      if (next == null || end.isDone()) {
        busy = false;
        return;
      }
      text = next;
      sent = nextSent;
      next = null;
      nextSent = new CompletableFuture<>();
    }
    try {
      session.getAsyncRemote().sendText(text, result -> sent(sent, result));
    } catch (RuntimeException e) { // the socket was closed concurrently
      sent.completeExceptionally(e);
      end(e);
    }
  }

  private void sent(CompletableFuture<Object> sent, SendResult result) {
    if (result.isOK()) {
      sent.complete(null);
      sendNext();
    } else {
      sent.completeExceptionally(result.getException());
      end(result.getException());
    }
  }

  /** Records that the client has sent something. */
  void heard() {
    heardAt = System.nanoTime();
  }

  /** Returns the time since the client has sent something. */
  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - heardAt);
  }

  /**
   * Records the reason for which the socket must be closed when its client replies.
   *
   * @return false if a reason was recorded before
   */
  boolean recordClosing(CloseReason why) {
    return closing.compareAndSet(null, why);
  }

  /** The recorded close reason; empty if there is none. */
  Optional<CloseReason> closing() {
    return Optional.ofNullable(closing.get());
  }

  @Override
  public boolean isClosed() {
    return end.isDone();
  }

  @Override
  public CompletionStage<Void> ended() {
    return end;
  }

  @Override
  public void close() {
    end(null);
  }

  /**
   * @param fault null for a regular end
   */
  void end(@Nullable Throwable fault) {
    if (fault == null) {
      end.complete(null);
    } else {
      end.completeExceptionally(fault);
    }
  }
}
