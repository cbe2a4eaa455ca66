package devfest.studio.socket;

import devfest.studio.stream.StreamEngine;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.SendHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one WebSocket: sends texts and pings, observes whether the client is there, and
 * closes. A socket is closed by the thread that reads from it: the server sends a ping and closes
 * the socket when the client replies. If the client does not reply, the socket is closed after a
 * timeout. Safe for use from many threads.
 */
final class Link {

  private static final Logger LOG = System.getLogger(Link.class.getName());

  /** How long to wait for a response to the ping: a few round trips. */
  private static final Duration PONG_TIMEOUT = Duration.ofSeconds(5);

  /** A send that takes so long completes only because the client reads. */
  private static final Duration LONG_SEND = Duration.ofSeconds(1);

  private final Session session;
  private final StreamEngine engine;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final AtomicReference<CloseReason> closing = new AtomicReference<>();

  private volatile long heardAt = System.nanoTime();

  Link(Session session, StreamEngine engine) {
    this.session = session;
    this.engine = engine;
  }

  /**
   * Sends a text message. The previous one must have been sent.
   *
   * @param then called when it has been sent, or has failed
   * @throws RuntimeException if the socket was closed concurrently
   */
  void send(String text, SendHandler then) {
    long begun = System.nanoTime();
    session
        .getAsyncRemote()
        .sendText(
            text,
            result -> {
              if (result.isOK() && System.nanoTime() - begun > LONG_SEND.toNanos()) {
                heard();
              }
              then.onResult(result);
            });
  }

  void ping() {
    try {
      session.getAsyncRemote().sendPing(ByteBuffer.allocate(0));
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.TRACE, "The client has closed the socket first", e);
    }
  }

  /** Records that the client is there. */
  void heard() {
    heardAt = System.nanoTime();
  }

  /** Returns the time since the client was last known to be there. */
  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - heardAt);
  }

  /** Completes when nothing can be sent any more; exceptionally if the connection has failed. */
  CompletionStage<Void> ended() {
    return end;
  }

  boolean hasEnded() {
    return end.isDone();
  }

  /**
   * Records the end. The connection itself is not closed.
   *
   * @param fault null for a regular end
   */
  void end(@Nullable Throwable fault) {
    if (fault == null) {
      end.complete(null);
    } else {
      end.completeExceptionally(fault);
    }
  }

  /** Closes the socket for a reason of streams. */
  void close(String reason) {
    close(code(reason), reason);
  }

  private static CloseCodes code(String reason) {
    return switch (reason) {
      case "token_expired", "revoked" -> CloseCodes.VIOLATED_POLICY;
      case "failed" -> CloseCodes.UNEXPECTED_CONDITION;
      default -> CloseCodes.GOING_AWAY;
    };
  }

  /** Stops sending, and closes the socket when its client replies to a ping. */
  void close(CloseCodes code, String reason) {
    CloseReason why = new CloseReason(code, reason);
    end(null);
    if (!closing.compareAndSet(null, why)) {
      return;
    }
    if (reason.equals("shutdown")) {
      close(why); // there is no time left, and no later connection to confuse it with
      return;
    }
    ping();
    engine.later(PONG_TIMEOUT.toNanos(), () -> close(why)); // if the client does not reply
  }

  /** Stops sending, and closes the socket. Called by the thread that reads from it. */
  void closeNow(CloseCodes code, String reason) {
    end(null);
    boolean ignored = closing.compareAndSet(null, new CloseReason(code, reason));
    closeIfDue();
  }

  /**
   * Closes the socket if that is due. Called by the thread that reads from it.
   *
   * @return whether the socket was closed
   */
  boolean closeIfDue() {
    CloseReason why = closing.get();
    if (why != null) {
      close(why);
    }
    return why != null;
  }

  private void close(CloseReason reason) {
    try {
      session.close(reason);
    } catch (IOException | IllegalStateException e) {
      LOG.log(Level.TRACE, "The client has closed the socket first", e);
    }
  }
}
