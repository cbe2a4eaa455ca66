package devfest.studio.socket;

import devfest.studio.http.Problem;
import devfest.studio.security.Caller;
import devfest.studio.stream.StreamEngine;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.NotAuthorizedException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket (Jakarta WebSocket 2.1) whose authentication, slots, limits and close reasons are
 * those of streams. One instance serves all connections; a {@link Conversation} is what one of them
 * sends and receives.
 *
 * <p>Payara reuses the request object of a socket as soon as the socket is closed, even while it
 * still uses the object, and then confuses two connections. Therefore callers are refused at the
 * handshake, {@link #onOpen} never blocks, a socket is closed by the thread that reads from it
 * ({@link Link}), and no thread sends to a socket that is being closed ({@link
 * UpgradedConnection}).
 */
public abstract class StudioSocket extends Endpoint {

  private static final Logger LOG = System.getLogger(StudioSocket.class.getName());

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

  /** Leaves the streams' clock the time to end a stalled stream with its own reason. */
  private static final Duration STALL_GRACE = Duration.ofSeconds(10);

  private final StreamEngine engine;
  private final int maxMessage;

  /**
   * @param maxMessage maximum length of a client's message, in characters
   */
  StudioSocket(StreamEngine engine, int maxMessage) {
    this.engine = engine;
    this.maxMessage = maxMessage;
  }

  /** Takes a slot for the caller; see {@link #admit}. */
  abstract Visitor visitor(HttpServletRequest request, Supplier<Caller> reader, String address);

  /**
   * Takes a slot for a caller before its handshake is completed. Public, because the proxy of a
   * bean in another package overrides only public and protected methods.
   *
   * @param request the handshake
   * @param reader authenticates the caller
   * @param address the client's address
   * @return the principal that the session must have
   * @throws Problem 429 or 503 if there is no free slot, 400 for a malformed option
   * @throws ForbiddenException if the caller may not follow what it requests
   * @throws NotAuthorizedException if the credential is invalid, or required and missing
   */
  public Visitor admit(HttpServletRequest request, Supplier<Caller> reader, String address) {
    Visitor visitor = visitor(request, reader, address);
    engine.later(HANDSHAKE_TIMEOUT.toNanos(), visitor::release);
    return visitor;
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    Link link = new Link(session, engine);
    session.getUserProperties().put(Link.class.getName(), link);
    session.addMessageHandler(
        PongMessage.class,
        pong -> {
          link.heard();
          boolean ignored = link.closeIfDue();
        });
    if (!(session.getUserPrincipal() instanceof Visitor visitor)) { // the request bypassed the gate
      link.close(CloseCodes.VIOLATED_POLICY, "Token required");
      return;
    }
    Conversation conversation = visitor.converse(link);
    link.ended().whenComplete((none, fault) -> visitor.subscription().cancel());
    session.setMaxIdleTimeout(0);
    session.getAsyncRemote().setSendTimeout(engine.stallMillis() + STALL_GRACE.toMillis());
    session.addMessageHandler(String.class, new Messages(link, conversation));
    session.addMessageHandler(
        ByteBuffer.class,
        (part, last) ->
            link.closeNow(CloseCodes.CANNOT_ACCEPT, "Only text messages are accepted."));
    engine.later(0, () -> open(link, visitor, conversation));
    engine.later(PING_INTERVAL.toNanos(), () -> probe(link, conversation));
  }

  private static void open(Link link, Visitor visitor, Conversation conversation) {
    if (!visitor.claim()) {
      link.close(CloseCodes.TRY_AGAIN_LATER, "The WebSocket took too long to open.");
      return;
    }
    try {
      conversation.open();
    } catch (RuntimeException e) {
      LOG.log(link.hasEnded() ? Level.DEBUG : Level.WARNING, "A WebSocket could not be opened", e);
      link.close("failed");
    }
  }

  /** Sends a ping, or closes the socket of a client that has been silent for too long. */
  private void probe(Link link, Conversation conversation) {
    if (link.hasEnded()) {
      return;
    }
    if (link.silence().compareTo(MAX_SILENCE) > 0 && !conversation.isBlocked()) {
      link.close("stalled");
      return;
    }
    link.ping();
    engine.later(PING_INTERVAL.toNanos(), () -> probe(link, conversation));
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
    if (session.getUserProperties().get(Link.class.getName()) instanceof Link link) {
      link.end(fault);
    }
  }

  /**
   * Passes on the messages of the client. Takes the parts of a message as they arrive: WildFly does
   * not limit what it collects of an unfinished message.
   */
  private final class Messages implements MessageHandler.Partial<String> {

    private final Link link;
    private final Conversation conversation;
    private final StringBuilder message = new StringBuilder();

    Messages(Link link, Conversation conversation) {
      this.link = link;
      this.conversation = conversation;
    }

    @Override
    public void onMessage(String part, boolean last) {
      if (link.closeIfDue()) {
        return;
      }
      if (message.length() + part.length() > maxMessage) {
        link.closeNow(CloseCodes.TOO_BIG, "Messages have at most " + maxMessage + " characters.");
        return;
      }
      message.append(part);
      if (last) {
        link.heard(); // only whole messages count, so that a message has a deadline
        conversation.receive(message.toString());
        message.setLength(0);
      }
    }
  }
}
