package devfest.studio.hub;

import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The client's end of one subscription: a stream, or an action that is run instead. Safe for use
 * from many threads.
 */
final class Connection {

  private static final Logger LOG = System.getLogger(Connection.class.getName());

  /** How long a client has to take the reason of its end before the stream is cut. */
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private final Shape shape;
  private volatile Runnable waker = () -> {};
  private volatile EventStream stream;
  private volatile String closeReason;
  private volatile long closedAt;

  /**
   * @param shape of the farewell
   */
  Connection(Shape shape) {
    this.shape = shape;
  }

  /** The stream; null before there is one, and where an action is run instead. */
  EventStream stream() {
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

  /** Has the stream look for frames, or runs the action. */
  void wake() {
    waker.run();
  }

  /** Sends a frame unless the stream has ended or its socket takes nothing. */
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
      LOG.log(Level.TRACE, "closed meanwhile");
    }
  }

  /** Notes the reason of the end before anything is sent. */
  void closing(String reason) {
    closedAt = System.nanoTime();
    closeReason = reason;
  }

  /** Sends the reason and ends the stream; without a stream the action is run. */
  void close() {
    EventStream to = stream;
    if (to == null) {
      wake();
    } else {
      farewell(to);
    }
  }

  private synchronized void farewell(EventStream to) {
    if (!to.isClosed()) {
      String data = "{\"reason\":\"" + closeReason + "\"}";
      send(to, shape.control(null, "stream.closed", Instant.now(), data));
      to.close();
    }
  }

  /** The reason for which this side has ended it; empty while it has not. */
  Optional<String> closed() {
    return Optional.ofNullable(closeReason);
  }

  /** Ends the stream whether or not its client has read the reason. */
  void abort() {
    EventStream to = stream;
    if (to != null) {
      to.abort();
    }
  }

  /** Whether its stream has ended; one whose client takes not even the farewell is cut. */
  boolean gone() {
    EventStream to = stream;
    if (to == null || to.hasEnded()) {
      return true;
    }
    if (System.nanoTime() - closedAt > FAREWELL.toNanos()) {
      to.abort();
      return true;
    }
    return false;
  }
}
