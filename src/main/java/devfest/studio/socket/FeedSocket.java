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
 * A feed over a WebSocket (Jakarta WebSocket 2.1): the state is sent as a text message when it
 * changes, and when the client sends {@code {"type":"sync"}}. Authentication, slots, limits and
 * close reasons are those of streams. One instance serves all connections.
 *
 * <p>Payara reuses the request object of a socket as soon as the socket is closed, even while it
 * still uses the object, and then confuses two connections. Therefore callers are refused at the
 * handshake, {@link #onOpen} never blocks, and a socket is closed by the thread that reads from it:
 * the server sends a ping and closes the socket when the client replies. If the client does not
 * reply, the socket is closed after a timeout.
 */
public abstract class FeedSocket extends Endpoint {

  private static final Logger LOG = System.getLogger(FeedSocket.class.getName());
  private static final JsonProvider JSON = JsonProvider.provider();

  /** Messages of clients are commands of a few bytes. */
  private static final int MAX_MESSAGE = 1_024;

  /** The minimum interval between two states on request, because each reads the database. */
  private static final long SYNC_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long to wait for a response to the ping: a few round trips. */
  private static final Duration PONG_TIMEOUT = Duration.ofSeconds(5);

  /** How often an open socket gets a ping. */
  private static final Duration PING_INTERVAL = Duration.ofSeconds(20);

  /**
   * How long a client may be silent: three pings. A client whose frame is unfinished cannot reply
   * to a ping, so this is also the deadline of a frame.
   */
  private static final Duration MAX_SILENCE = Duration.ofSeconds(60);

  /**
   * How long the slot is reserved between the handshake and the opening: far longer than both take.
   */
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(30);

  private final Feeds feeds;
  private final StreamEngine engine;

  protected FeedSocket(Feeds feeds, StreamEngine engine) {
    this.feeds = feeds;
    this.engine = engine;
  }

  /** The feed of this WebSocket. */
  protected abstract StateFeed<?> feed();

  /**
   * Takes a slot for a caller before its handshake is completed. Public, because the proxy of a
   * bean in another package overrides only public and protected methods.
   *
   * @param address the client's address
   * @return the principal that the session must have
   * @throws Problem 429 or 503 if there is no free slot
   * @throws ForbiddenException if the caller may not follow the feed
   * @throws NotAuthorizedException if a token is required and missing
   */
  public Visitor admit(Caller caller, String address) {
    Visitor visitor =
        new Visitor(caller, feeds.subscribe(feed(), caller, Transport.WEBSOCKET, address));
    engine.later(HANDSHAKE_TIMEOUT.toNanos(), visitor::release);
    return visitor;
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    SocketSink sink = new SocketSink(session);
    session.getUserProperties().put(SocketSink.class.getName(), sink);
    session.addMessageHandler(
        PongMessage.class,
        pong -> {
          sink.heard();
          boolean ignored = closeIfDue(session, sink);
        });
    if (!(session.getUserPrincipal() instanceof Visitor visitor)) { // the request bypassed the gate
      close(session, sink, CloseCodes.VIOLATED_POLICY, "Token required");
      return;
    }
    sink.ended().whenComplete((none, fault) -> visitor.subscription().cancel());
    session.setMaxIdleTimeout(0);
    session.getAsyncRemote().setSendTimeout(engine.stallMillis());
    session.addMessageHandler(String.class, new Messages(session, visitor, sink));
    session.addMessageHandler(
        ByteBuffer.class,
        (part, last) ->
            closeNow(session, sink, CloseCodes.CANNOT_ACCEPT, "Only text messages are accepted."));
    engine.later(0, () -> follow(session, visitor, sink));
    engine.later(PING_INTERVAL.toNanos(), () -> probe(session, sink));
  }

  /** Sends a ping, or closes the socket of a client that has been silent for too long. */
  private void probe(Session session, SocketSink sink) {
    if (sink.isClosed()) {
      return;
    }
    if (sink.silence().compareTo(MAX_SILENCE) > 0) {
      close(session, sink, CloseCodes.GOING_AWAY, "stalled");
      return;
    }
    ping(session);
    engine.later(PING_INTERVAL.toNanos(), () -> probe(session, sink));
  }

  private void follow(Session session, Visitor visitor, SocketSink sink) {
    if (!visitor.claim()) {
      close(session, sink, CloseCodes.TRY_AGAIN_LATER, "The WebSocket took too long to open.");
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
    Subscription subscription = visitor.subscription();
    Runnable closing = () -> subscription.closeReason().ifPresent(close);
    subscription.whenReady(
        () -> engine.later(0, closing)); // not on the thread of the streams' clock
    closing.run(); // the subscription may have been closed before
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

  /** Stops sending, and closes the socket when its client replies to a ping. */
  private void close(Session session, SocketSink sink, CloseCodes code, String reason) {
    CloseReason why = new CloseReason(code, reason);
    sink.end(null);
    if (!sink.recordClosing(why)) {
      return;
    }
    if (reason.equals("shutdown")) {
      close(session, why); // there is no time left, and no later connection to confuse it with
      return;
    }
    ping(session);
    engine.later(PONG_TIMEOUT.toNanos(), () -> close(session, why)); // if the client does not reply
  }

  private static void ping(Session session) {
    try {
      session.getAsyncRemote().sendPing(ByteBuffer.allocate(0));
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.TRACE, "The client has closed the socket first", e);
    }
  }

  /** Called by the thread that reads from the socket. */
  private static void closeNow(Session session, SocketSink sink, CloseCodes code, String reason) {
    sink.end(null);
    boolean ignored = sink.recordClosing(new CloseReason(code, reason));
    closeIfDue(session, sink);
  }

  /**
   * Closes the socket if a close reason is recorded. Called by the thread that reads from the
   * socket.
   *
   * @return whether the socket was closed
   */
  private static boolean closeIfDue(Session session, SocketSink sink) {
    sink.closing().ifPresent(why -> close(session, why));
    return sink.closing().isPresent();
  }

  private static void close(Session session, CloseReason reason) {
    try {
      session.close(reason);
    } catch (IOException | IllegalStateException e) {
      LOG.log(Level.TRACE, "The client has closed the socket first", e);
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

  /**
   * Handles the messages of the client. Unknown messages are ignored. Takes the parts of a message
   * as they arrive: WildFly does not limit what it collects of an unfinished message.
   */
  private final class Messages implements MessageHandler.Partial<String> {

    private final Session session;
    private final Visitor visitor;
    private final SocketSink sink;
    private final StringBuilder message = new StringBuilder();
    private long syncedAt = System.nanoTime() - SYNC_INTERVAL_NANOS;

    Messages(Session session, Visitor visitor, SocketSink sink) {
      this.session = session;
      this.visitor = visitor;
      this.sink = sink;
    }

    @Override
    public void onMessage(String part, boolean last) {
      if (closeIfDue(session, sink)) {
        return;
      }
      if (message.length() + part.length() > MAX_MESSAGE) {
        closeNow(
            session,
            sink,
            CloseCodes.TOO_BIG,
            "Messages have at most " + MAX_MESSAGE + " characters.");
        return;
      }
      message.append(part);
      if (last) {
        sink.heard(); // only whole messages count, so that a message has a deadline
        reply(message.toString());
        message.setLength(0);
      }
    }

    private void reply(String whole) {
      long now = System.nanoTime();
      if (isSync(whole) && now - syncedAt >= SYNC_INTERVAL_NANOS) {
        syncedAt = now;
        feeds.sync(feed(), visitor.caller(), sink);
      }
    }

    private boolean isSync(String whole) {
      try (JsonReader reader = JSON.createReader(new StringReader(whole))) {
        return reader.readValue() instanceof JsonObject object
            && object.get("type") instanceof JsonString type
            && type.getString().equals("sync");
      } catch (RuntimeException e) {
        return false; // also if the message is nested too deeply
      }
    }
  }
}
