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
import jakarta.servlet.http.HttpServletRequest;
import java.io.StringReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A feed over a WebSocket: the state is sent as a text message when it changes, and when the client
 * sends {@code {"type":"sync"}}. One instance serves all connections.
 */
public abstract class FeedSocket extends StudioSocket {

  private static final JsonProvider JSON = JsonProvider.provider();

  /** Messages of clients are commands of a few bytes. */
  private static final int MAX_MESSAGE = 1_024;

  /** The minimum interval between two states on request, because each reads the database. */
  private static final long SYNC_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final Logger LOG = System.getLogger(FeedSocket.class.getName());

  private final Feeds feeds;
  private final StreamEngine engine;

  protected FeedSocket(Feeds feeds, StreamEngine engine) {
    super(engine, MAX_MESSAGE);
    this.feeds = feeds;
    this.engine = engine;
  }

  /** The feed of this WebSocket. */
  protected abstract StateFeed<?> feed();

  @Override
  Visitor visitor(HttpServletRequest request, Supplier<Caller> reader, String address) {
    Caller caller = reader.get();
    Subscription subscription = feeds.subscribe(feed(), caller, Transport.WEBSOCKET, address);
    return new Visitor(
        caller, subscription, link -> new FeedConversation(link, caller, address, subscription));
  }

  /** Sends the states, and handles the messages of the client. Unknown messages are ignored. */
  private final class FeedConversation implements Conversation {

    private final Link link;
    private final Caller caller;
    private final String address;
    private final Subscription subscription;
    private final SocketSink sink;
    private long syncedAt = System.nanoTime() - SYNC_INTERVAL_NANOS;

    FeedConversation(Link link, Caller caller, String address, Subscription subscription) {
      this.link = link;
      this.caller = caller;
      this.address = address;
      this.subscription = subscription;
      this.sink = new SocketSink(link);
    }

    @Override
    public void open() {
      link.ended()
          .exceptionally(
              fault -> {
                link.close("failed");
                return null;
              });
      Runnable closing = () -> subscription.closeReason().ifPresent(link::close);
      subscription.whenReady(
          () -> engine.later(0, closing)); // not on the thread of the streams' clock
      closing.run(); // the subscription may have been closed before
      if (!sink.isClosed()) {
        feeds.follow(feed(), caller, sink);
      }
    }

    @Override
    public void receive(String message) {
      long now = System.nanoTime();
      if (isSync(message) && now - syncedAt >= SYNC_INTERVAL_NANOS) {
        syncedAt = now;
        sync();
      }
    }

    private void sync() {
      try {
        feeds.sync(feed(), caller, address, sink);
      } catch (Problem e) {
        LOG.log(Level.TRACE, "Too many commands: the client waits for the next state", e);
      }
    }

    /** A state that is not taken is replaced by the next one, so silence alone counts. */
    @Override
    public boolean isBlocked() {
      return false;
    }

    private boolean isSync(String message) {
      try (JsonReader reader = JSON.createReader(new StringReader(message))) {
        return reader.readValue() instanceof JsonObject object
            && object.get("type") instanceof JsonString type
            && type.getString().equals("sync");
      } catch (RuntimeException e) {
        return false; // also if the message is nested too deeply
      }
    }
  }
}
