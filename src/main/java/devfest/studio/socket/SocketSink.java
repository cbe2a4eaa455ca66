package devfest.studio.socket;

import devfest.studio.sse.Sink;
import jakarta.websocket.CloseReason;
import jakarta.websocket.SendResult;
import jakarta.websocket.Session;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A WebSocket as those see it who send it a state: the data of each event is a text message. While
 * one is under way only the newest waits. Safe for use from many threads.
 */
final class SocketSink implements Sink {

  private final Session session;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final AtomicReference<CloseReason> closing = new AtomicReference<>();

  /** Guarded by this. */
  private boolean busy;

  private String next;
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
   * It is to be closed as soon as its client is heard of.
   *
   * @return false when it was already
   */
  boolean closesFor(CloseReason why) {
    return closing.compareAndSet(null, why);
  }

  /** What it is to be closed for. */
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
   * @param fault null when this side or the client has ended it as it should be
   */
  void end(Throwable fault) {
    if (fault == null) {
      end.complete(null);
    } else {
      end.completeExceptionally(fault);
    }
  }
}
