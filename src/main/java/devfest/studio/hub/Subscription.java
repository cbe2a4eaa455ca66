package devfest.studio.hub;

import devfest.studio.events.Filter;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import devfest.studio.sse.FrameSource;
import java.time.Instant;
import java.util.Optional;

/**
 * A filter and a {@link Cursor} in the log. Asked for a frame, it gives the next matching one above
 * the cursor, and when there is none the next transient one. Since everything logged is found by
 * the cursor, replay, catching up and live are one thing. What it holds in memory is bounded.
 *
 * <p>Threads: the stream's writer asks for frames ({@link #next}, {@link #isRead}), one at a time.
 * The tailer's thread marks, offers, discards and changes the filter. A thread of {@link Turns}
 * reads pages. The streams' clock ticks. Everything else is safe from any thread.
 */
public final class Subscription implements FrameSource {

  private final Hub hub;
  private final Subscriber subscriber;
  private final Transport transport;
  private final Format format;
  private final Cursor cursor;
  private final Pages pages;
  private final Transients transients = new Transients();
  private final Lifetime lifetime;

  private final Connection connection;

  private volatile Filter filter;
  private volatile boolean polls;

  Subscription(
      Hub hub,
      Filter filter,
      Subscriber subscriber,
      Transport transport,
      Format format,
      long after,
      Lifetime lifetime) {
    this.hub = hub;
    this.filter = filter;
    this.subscriber = subscriber;
    this.transport = transport;
    this.format = format;
    this.lifetime = lifetime;
    this.connection = new Connection(format.shape());
    this.pages = new Pages(hub.log(), format.shape());
    this.cursor = new Cursor(hub.ring(), hub::head, this::load, after);
  }

  public Subscriber subscriber() {
    return subscriber;
  }

  Transport transport() {
    return transport;
  }

  Format format() {
    return format;
  }

  Filter filter() {
    return filter;
  }

  void filter(Filter other) {
    filter = other;
  }

  /** Sets where to begin when it was not known yet; before the stream is attached. */
  public void startAfter(long position) {
    cursor.startAfter(position);
  }

  /** Begins to feed the stream, and leaves when it ends. */
  public void attach(EventStream to) {
    connection.attach(to);
    to.ended().whenComplete((none, fault) -> cancel());
    to.from(this);
    if (closed().isPresent()) {
      hub.leave(this); // once more: now there is a stream to watch
      connection.close();
    }
  }

  /**
   * Runs the action when there is something to read, instead of feeding a stream. It must be quick,
   * and may be run more than once.
   */
  public void whenReady(Runnable action) {
    polls = true;
    connection.attach(action);
    cursor.startIdle();
  }

  /**
   * Sends heartbeats more often while someone needs prompt disconnect detection: only a write shows
   * that a client has left.
   *
   * @param matters false when it no longer matters to a caller that passed true before
   */
  public void probe(boolean matters) {
    lifetime.probe(matters);
  }

  /** Gives its place back. */
  public void cancel() {
    hub.remove(this);
  }

  /** Notes that something for it was published, after the head has moved. */
  void mark(long position) {
    if (cursor.mark(position)) {
      connection.wake();
    }
  }

  @Override
  public Frame next() {
    Frame frame = cursor.next(filter, format.shape());
    if (frame == null && isRead()) {
      frame = transients.take();
    }
    if (frame != null) {
      hub.delivered(1);
    }
    return frame;
  }

  @Override
  public boolean isRead() {
    return cursor.state() == Cursor.State.IDLE;
  }

  private void load(long after) {
    hub.read(subscriber, () -> read(after));
  }

  private void read(long after) {
    if (hub.isClosed()) {
      return;
    }
    try {
      Pages.Page page = pages.read(filter, after, hub.head());
      hub.reportLogFound();
      cursor.arrive(page);
    } catch (Throwable e) {
      hub.reportLogLost(e);
      cursor.fail(); // the next tick wakes it
      return;
    }
    connection.wake();
  }

  /** Keeps the newest frame of the key until the client takes it. */
  void offer(String key, Frame frame) {
    if (polls || frame == null) {
      return; // a client that polls sees the log alone
    }
    transients.put(key, frame);
    connection.wake();
  }

  void discard(String key) {
    transients.discard(key);
  }

  /** Ends it or sends a heartbeat when that is due; called about twice a second. */
  void tick(Instant now) {
    Optional<String> over = lifetime.over(now);
    if (over.isPresent()) {
      close(over.get());
      return;
    }
    EventStream to = connection.stream();
    if (to == null) {
      return;
    }
    if (cursor.state() == Cursor.State.FAILED) {
      to.wake();
    }
    long quiet = to.quietNanos();
    if (to.isBlocked()) {
      if (lifetime.stalled(quiet)) {
        close("stalled");
      }
    } else if (lifetime.beats(System.nanoTime(), quiet)) {
      sendHeartbeat(now);
    }
  }

  /** Sends a heartbeat now, unless the socket takes nothing. */
  void sendHeartbeat(Instant now) {
    connection.send(format.heartbeat().at(now));
  }

  /** Gives the place back, sends the reason, and ends the stream. */
  void close(String reason) {
    connection.closing(reason);
    hub.closing(reason);
    hub.leave(this);
    connection.close();
  }

  /** The reason for which this side has ended it; empty while it has not. */
  public Optional<String> closed() {
    return connection.closed();
  }

  /** Ends the stream whether or not its client has read the reason. */
  void abort() {
    connection.abort();
  }

  /** Whether its stream has ended; one whose client takes not even the farewell is cut. */
  boolean gone() {
    return connection.gone();
  }

  /** The data of a {@code stream.reset}. */
  public static String resetData(String reason, long oldest, long latest) {
    return Pages.resetData(reason, oldest, latest);
  }
}
