package devfest.studio.stream;

import devfest.studio.http.Problem;
import devfest.studio.security.Visitor;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.spi.JsonProvider;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.io.StringReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A feed over a WebSocket (Jakarta WebSocket 2.1): the state as a text message whenever it changes,
 * and when the client asks for it by {@code {"type":"sync"}}. The same callers, places, limits and
 * ends as for streams. One object serves all connections.
 *
 * <p>Nothing takes long while one is opened, and none is closed before it is open: Payara would
 * give the request to another connection while it is still at work on it.
 */
public abstract class FeedSocket extends Endpoint {

  private static final Logger LOG = System.getLogger(FeedSocket.class.getName());
  private static final JsonProvider JSON = JsonProvider.provider();
  private static final int MAX_MESSAGE = 1_024;
  private static final long SYNC_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  @Inject private Feeds feeds;

  /** What is followed. */
  protected abstract Feed feed();

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    if (!(session.getUserPrincipal() instanceof Visitor visitor)) {
      refuse(session, CloseCodes.VIOLATED_POLICY, "Token required");
      return;
    }
    session.setMaxIdleTimeout(0);
    session.setMaxTextMessageBufferSize(MAX_MESSAGE);
    session.getAsyncRemote().setSendTimeout(feeds.patienceMillis());
    SocketSink sink = new SocketSink(session);
    session.getUserProperties().put(SocketSink.class.getName(), sink);
    session.addMessageHandler(String.class, new Questions(session, visitor, sink));
    session.addMessageHandler(
        ByteBuffer.class,
        bytes -> close(session, CloseCodes.CANNOT_ACCEPT, "Messages are texts here"));
    feeds.later(Duration.ZERO, () -> follow(session, visitor, sink));
  }

  private void follow(Session session, Visitor visitor, SocketSink sink) {
    if (sink.isClosed()) {
      return; // its client has left already
    }
    try {
      feeds.follow(feed(), visitor, sink, reason -> close(session, code(reason), reason));
    } catch (Problem e) {
      sink.end(null); // it gets no answers either
      refuse(session, CloseCodes.TRY_AGAIN_LATER, e.getMessage());
    } catch (RuntimeException e) {
      boolean left = !session.isOpen();
      LOG.log(left ? Level.DEBUG : Level.WARNING, "A WebSocket could not be opened", e);
      sink.end(null);
      refuse(session, CloseCodes.UNEXPECTED_CONDITION, "failed");
    }
  }

  private void refuse(Session session, CloseCodes code, String reason) {
    feeds.later(Feeds.OPENING, () -> close(session, code, reason));
  }

  private static CloseCodes code(String reason) {
    return switch (reason) {
      case "token_expired", "revoked" -> CloseCodes.VIOLATED_POLICY;
      case "failed" -> CloseCodes.UNEXPECTED_CONDITION;
      default -> CloseCodes.GOING_AWAY;
    };
  }

  private static void close(Session session, CloseCodes code, String reason) {
    try {
      session.close(new CloseReason(code, reason));
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

  private static void end(Session session, Throwable fault) {
    if (session.getUserProperties().get(SocketSink.class.getName()) instanceof SocketSink sink) {
      sink.end(fault);
    }
  }

  /** What the client says. What it can't mean is passed over. */
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
      if (message.length() > MAX_MESSAGE) { // not every server minds its own limit
        FeedSocket.close(session, CloseCodes.TOO_BIG, "At most " + MAX_MESSAGE + " characters");
        return;
      }
      long now = System.nanoTime();
      if (isSync(message) && now - answeredAt >= SYNC_NANOS) {
        answeredAt = now;
        feeds.tell(feed(), visitor, sink);
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
