package devfest.studio.socket;

import devfest.studio.feed.Feeds;
import devfest.studio.feed.StateFeed;
import devfest.studio.http.Problem;
import devfest.studio.hub.Subscription;
import devfest.studio.hub.Transport;
import devfest.studio.security.Caller;
import devfest.studio.stream.StreamEngine;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.spi.JsonProvider;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotAuthorizedException;
import java.io.IOException;
import java.io.StringReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A feed over a WebSocket (Jakarta WebSocket 2.1): the state as a text message whenever it changes,
 * and when the client sends {@code {"type":"sync"}}. Callers, places, limits and ends are those of
 * streams. One object serves all connections.
 *
 * <p>Payara reuses the request object of a socket as soon as the socket is closed, even while it
 * still works on it, and then mixes two connections up. Therefore a caller is refused at the
 * handshake; opening a socket never blocks; and a socket is closed by the thread that reads from
 * it: the server sends a ping and closes when an answer arrives. Only a silent client is closed
 * after a timeout.
 */
public abstract class FeedSocket extends Endpoint {

  private static final Logger LOG = System.getLogger(FeedSocket.class.getName());
  private static final JsonProvider JSON = JsonProvider.provider();
  private static final int MAX_MESSAGE = 1_024;
  private static final long SYNC_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long a client may take for a pong. */
  private static final Duration PONG = Duration.ofSeconds(5);

  /** How long a WebSocket may take from its handshake until it is open. */
  private static final Duration HANDSHAKE = Duration.ofSeconds(30);

  private final Feeds feeds;
  private final StreamEngine engine;

  protected FeedSocket(Feeds feeds, StreamEngine engine) {
    this.feeds = feeds;
    this.engine = engine;
  }

  /** The feed that clients of this WebSocket follow. */
  protected abstract StateFeed<?> feed();

  /**
   * Takes a place for a caller whose handshake is about to be answered. Public, as a proxy of a
   * bean in another package overrides nothing else.
   *
   * @param address of the client
   * @return what the session's principal has to be
   * @throws Problem 429 or 503 when there is no place
   * @throws ForbiddenException when the feed is not for this caller
   * @throws NotAuthorizedException when it may be, for one with a token
   */
  public Visitor admit(Caller caller, String address) {
    Visitor visitor =
        new Visitor(caller, feeds.subscribe(feed(), caller, Transport.WEBSOCKET, address));
    engine.later(HANDSHAKE.toNanos(), visitor::giveUp);
    return visitor;
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    SocketSink sink = new SocketSink(session);
    session.getUserProperties().put(SocketSink.class.getName(), sink);
    session.addMessageHandler(PongMessage.class, pong -> closes(session, sink));
    if (!(session.getUserPrincipal() instanceof Visitor visitor)) { // the request bypassed the gate
      close(session, sink, CloseCodes.VIOLATED_POLICY, "Token required");
      return;
    }
    sink.ended().whenComplete((none, fault) -> visitor.place().cancel());
    session.setMaxIdleTimeout(0);
    session.setMaxTextMessageBufferSize(MAX_MESSAGE);
    session.setMaxBinaryMessageBufferSize(MAX_MESSAGE);
    session.getAsyncRemote().setSendTimeout(engine.stallMillis());
    session.addMessageHandler(String.class, new Questions(session, visitor, sink));
    session.addMessageHandler(
        ByteBuffer.class,
        bytes -> closeNow(session, sink, CloseCodes.CANNOT_ACCEPT, "Messages are texts here"));
    engine.later(0, () -> follow(session, visitor, sink));
  }

  private void follow(Session session, Visitor visitor, SocketSink sink) {
    if (!visitor.arrive()) {
      close(session, sink, CloseCodes.TRY_AGAIN_LATER, "This took too long to open");
      return;
    }
    try {
      follow(visitor, sink, reason -> close(session, sink, code(reason), reason));
    } catch (RuntimeException e) {
      boolean left = !session.isOpen();
      LOG.log(left ? Level.DEBUG : Level.WARNING, "A WebSocket could not be opened", e);
      close(session, sink, CloseCodes.UNEXPECTED_CONDITION, "failed");
    }
  }

  private void follow(Visitor visitor, SocketSink sink, Consumer<String> close) {
    sink.ended()
        .exceptionally(
            fault -> {
              close.accept("failed");
              return null;
            });
    Subscription place = visitor.place();
    Runnable closing = () -> place.closed().ifPresent(close);
    place.whenReady(() -> engine.later(0, closing)); // never by the streams' clock
    closing.run(); // the place may have been closed before
    if (!sink.isClosed()) {
      feeds.follow(feed(), visitor.caller(), sink);
    }
  }

  private static CloseCodes code(String reason) {
    return switch (reason) {
      case "token_expired", "revoked" -> CloseCodes.VIOLATED_POLICY;
      case "failed" -> CloseCodes.UNEXPECTED_CONDITION;
      default -> CloseCodes.GOING_AWAY;
    };
  }

  /** Sends nothing more, and closes the socket when its client sends something. */
  private void close(Session session, SocketSink sink, CloseCodes code, String reason) {
    CloseReason why = new CloseReason(code, reason);
    sink.end(null);
    if (!sink.closesFor(why)) {
      return;
    }
    if (reason.equals("shutdown")) {
      close(session, why); // no time is left, and no connection follows to be mixed up with
      return;
    }
    try {
      session.getAsyncRemote().sendPing(ByteBuffer.allocate(0));
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.TRACE, "The client was faster", e);
    }
    engine.later(PONG.toNanos(), () -> close(session, why)); // if the client does not answer
  }

  /** Called by the thread that reads. */
  private static void closeNow(Session session, SocketSink sink, CloseCodes code, String reason) {
    sink.end(null);
    boolean ignored = sink.closesFor(new CloseReason(code, reason));
    closes(session, sink);
  }

  /**
   * Called by the thread that reads.
   *
   * @return whether the socket was to be closed
   */
  private static boolean closes(Session session, SocketSink sink) {
    sink.closing().ifPresent(why -> close(session, why));
    return sink.closing().isPresent();
  }

  private static void close(Session session, CloseReason reason) {
    try {
      session.close(reason);
    } catch (IOException | IllegalStateException e) {
      LOG.log(Level.TRACE, "The client was faster", e);
    }
  }

  @Override
  public void onClose(Session session, CloseReason reason) {
    end(session, null);
  }

  @Override
  public void onError(Session session, Throwable fault) {
    LOG.log(Level.DEBUG, "A WebSocket failed", fault);
    end(session, fault);
  }

  private static void end(Session session, @Nullable Throwable fault) {
    if (session.getUserProperties().get(SocketSink.class.getName()) instanceof SocketSink sink) {
      sink.end(fault);
    }
  }

  /** Handles what the client sends. Unknown messages are ignored. */
  private final class Questions implements MessageHandler.Whole<String> {

    private final Session session;
    private final Visitor visitor;
    private final SocketSink sink;
    private long answeredAt = System.nanoTime() - SYNC_NANOS;

    Questions(Session session, Visitor visitor, SocketSink sink) {
      this.session = session;
      this.visitor = visitor;
      this.sink = sink;
    }

    @Override
    public void onMessage(String message) {
      if (closes(session, sink)) {
        return;
      }
      if (message.length() > MAX_MESSAGE) { // not every server enforces its own limit
        closeNow(session, sink, CloseCodes.TOO_BIG, "At most " + MAX_MESSAGE + " characters");
        return;
      }
      long now = System.nanoTime();
      if (isSync(message) && now - answeredAt >= SYNC_NANOS) {
        answeredAt = now;
        feeds.sync(feed(), visitor.caller(), sink);
      }
    }

    private boolean isSync(String message) {
      try (JsonReader reader = JSON.createReader(new StringReader(message))) {
        return reader.readValue() instanceof JsonObject object
            && object.get("type") instanceof JsonString type
            && type.getString().equals("sync");
      } catch (RuntimeException e) {
        return false; // also what is nested too deeply
      }
    }
  }
}
