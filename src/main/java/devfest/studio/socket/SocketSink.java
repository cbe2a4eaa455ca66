package devfest.studio.socket;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.sse.Sink;
import jakarta.websocket.CloseReason;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket as the sink of a state: the data of each event is a text message. While one message
 * is being sent, only the newest one waits. Safe for use from many threads.
 */
final class SocketSink implements Sink {

  private final Session session;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final AtomicReference<CloseReason> closing = new AtomicReference<>();

  @GuardedBy("this")
  private boolean busy;

  @GuardedBy("this")
  private @Nullable String next;

  @GuardedBy("this")
  private CompletableFuture<Object> nextSent = new CompletableFuture<>();

  SocketSink(Session session) {
    this.session = session;
  }

  /**
   * @return completes when the message, or a newer one in its stead, is on its way
   * @throws IllegalStateException when the socket is closed
   */
  @Override
  public CompletionStage<?> send(OutboundSseEvent event) {
    if (isClosed()) {
      throw new IllegalStateException("the socket is closed");
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
    } catch (RuntimeException e) { // it has been closed meanwhile
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

  /**
   * Records why the socket is to be closed as soon as its client sends something.
   *
   * @return false when a reason was recorded before
   */
  boolean closesFor(CloseReason why) {
    return closing.compareAndSet(null, why);
  }

  /** Why it is to be closed; empty when it is not. */
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
