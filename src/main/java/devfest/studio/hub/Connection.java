package devfest.studio.hub;

import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The receiver of one subscription: a stream, or an action that is run when there is something to
 * read. Safe for use from many threads.
 */
final class Connection {

  private static final Logger LOG = System.getLogger(Connection.class.getName());

  /**
   * How long a client has to read the close reason before its stream is aborted: a few round trips.
   */
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Shape shape;
  private final Clock clock;
  private volatile Runnable waker = () -> {};
  private volatile @Nullable EventStream stream;
  private volatile @Nullable String closeReason;
  private volatile long closedAt;

  /**
   * @param shape the shape of {@code stream.closed}
   */
  Connection(Shape shape, Clock clock) {
    this.shape = shape;
    this.clock = clock;
  }

  /** The stream; null before it is attached, and if an action is attached instead. */
  @Nullable EventStream stream() {
    return stream;
  }

  void attach(EventStream to) {
    waker = to::wake;
    stream = to;
  }

  /**
   * @param action quick, and may be run more than once
   */
  void attach(Runnable action) {
    waker = action;
  }

  /** Wakes the stream to write frames, or runs the action. */
  void wake() {
    waker.run();
  }

  /** Sends a frame unless the stream has ended or its socket is blocked. */
  void send(Frame frame) {
    EventStream to = stream;
    if (to != null && !to.isBlocked()) {
      send(to, frame);
    }
  }

  private static void send(EventStream to, Frame frame) {
    try {
      to.send(frame);
    } catch (IllegalStateException e) {
      LOG.log(Level.TRACE, "The stream was closed concurrently");
    }
  }

  /** Records the close reason. Called before {@link #close}. */
  void markClosed(String reason) {
    closedAt = System.nanoTime();
    closeReason = reason;
  }

  /** Sends the close reason and ends the stream; without a stream, runs the action. */
  void close() {
    EventStream to = stream;
    if (to == null) {
      wake();
    } else {
      sendReasonAndClose(to);
    }
  }

  private synchronized void sendReasonAndClose(EventStream to) {
    if (!to.isClosed()) {
      String data = "{\"reason\":\"" + closeReason + "\"}";
      send(to, shape.control(null, "stream.closed", clock.instant(), data));
      to.close();
    }
  }

  /** Why the server has closed the subscription; empty if it has not. */
  Optional<String> closeReason() {
    return Optional.ofNullable(closeReason);
  }

  /** Ends the stream at once, even if the client has not read the reason. */
  void abort() {
    EventStream to = stream;
    if (to != null) {
      to.abort();
    }
  }

  /** Whether the stream has ended. Aborts it if the client has not read the reason in time. */
  boolean hasEnded() {
    EventStream to = stream;
    if (to == null || to.hasEnded()) {
      return true;
    }
    if (System.nanoTime() - closedAt > CLOSE_TIMEOUT.toNanos()) {
      to.abort();
      return true;
    }
    return false;
  }
}
