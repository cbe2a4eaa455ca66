package devfest.studio.hub;

import devfest.studio.events.Filter;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import devfest.studio.sse.FrameSource;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A filter and a {@link Cursor} in the log. It returns the next matching event above the cursor, or
 * else the next transient event. The cursor finds all logged events, so replay, catching up and
 * live delivery are the same operation. Its memory is bounded.
 *
 * <p>Threads: the stream's writer takes frames ({@link #next}, {@link #isCaughtUp}), one thread at
 * a time. The tailer's thread marks, offers and replaces the filter. A thread of {@link Turns}
 * reads pages. The streams' clock calls {@link #tick}. All other methods are safe for use from many
 * threads.
 */
public final class Subscription implements FrameSource {

  private final String id = UUID.randomUUID().toString();
  private final Hub hub;
  private final Instant since;
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
      Instant since,
      Lifetime lifetime) {
    this.hub = hub;
    this.since = since;
    this.filter = filter;
    this.subscriber = subscriber;
    this.transport = transport;
    this.format = format;
    this.lifetime = lifetime;
    this.connection = new Connection(format.shape(), hub.clock());
    this.pages = new Pages(hub.log(), format.shape(), hub.clock());
    this.cursor = new Cursor(hub.ring(), hub::head, this::load, after);
  }

  /** Identifies the subscription on all nodes. */
  public String id() {
    return id;
  }

  /** When it was opened. */
  public Instant since() {
    return since;
  }

  /** Events up to the result were delivered or do not match. */
  public long position() {
    return polls ? hub.head() : cursor.reached();
  }

  public Subscriber subscriber() {
    return subscriber;
  }

  public Transport transport() {
    return transport;
  }

  Format format() {
    return format;
  }

  public Filter filter() {
    return filter;
  }

  void filter(Filter other) {
    filter = other;
  }

  /** Sets the position to start after. Called before the stream is attached. */
  public void startAfter(long position) {
    cursor.startAfter(position);
  }

  /** Starts to deliver to the stream. Frees the slot when the stream ends. */
  public void attach(EventStream to) {
    connection.attach(to);
    to.ended().whenComplete((none, fault) -> cancel());
    to.from(this);
    if (closeReason().isPresent()) {
      hub.drain(this); // again: now there is a stream to track
      connection.close();
    }
  }

  /**
   * Runs the action when a matching event is published or the subscription is closed, instead of
   * delivering to a stream. The action must be quick, and may run more than once.
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
   * @param needed false to withdraw an earlier request
   */
  public void probe(boolean needed) {
    lifetime.probe(needed);
  }

  /** Frees the slot. The stream itself is not closed. */
  public void cancel() {
    hub.remove(this);
  }

  /** Signals that a matching event was published. Called after the head was updated. */
  void mark(long position) {
    if (cursor.mark(position)) {
      connection.wake();
    }
  }

  @Override
  public @Nullable Frame next() {
    Frame frame = cursor.next(filter, format.shape());
    if (frame == null && isCaughtUp()) {
      frame = transients.take();
    }
    if (frame != null) {
      hub.delivered(1);
    }
    return frame;
  }

  @Override
  public boolean isCaughtUp() {
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
      hub.reportLogAvailable();
      cursor.complete(page);
    } catch (Throwable e) {
      hub.reportLogUnavailable(e);
      cursor.fail(); // the next tick retries
      return;
    }
    connection.wake();
  }

  /** Queues a transient frame, in place of an older frame of the key. */
  void offer(Keys.Key key, @Nullable Frame frame) {
    if (polls || frame == null) {
      return; // clients that poll get logged events only
    }
    transients.put(key, frame);
    connection.wake();
  }

  /** Closes the stream or sends a heartbeat if that is due. Called about twice per second. */
  void tick(Instant now) {
    Optional<String> reason = lifetime.closeReason(now);
    if (reason.isPresent()) {
      close(reason.get());
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
      if (lifetime.isStalled(quiet)) {
        close("stalled");
      }
    } else if (lifetime.takeHeartbeat(System.nanoTime(), quiet)) {
      sendHeartbeat(now);
    }
  }

  /** Sends a heartbeat now, unless the socket is blocked. */
  void sendHeartbeat(Instant now) {
    Frame frame = format.shape().heartbeat(format.heartbeat(), now);
    if (frame != null) {
      connection.send(frame);
    }
  }

  /** Frees the slot, sends the reason and ends the stream. */
  void close(String reason) {
    connection.markClosed(reason);
    hub.countClosing(reason);
    hub.drain(this);
    connection.close();
  }

  /** Why the server has closed the subscription; empty if it has not. */
  public Optional<String> closeReason() {
    return connection.closeReason();
  }

  /** Ends the stream at once, even if the client has not read the reason. */
  void abort() {
    connection.abort();
  }

  /** Whether the stream has ended. Aborts it if the client has not read the reason in time. */
  boolean hasEnded() {
    return connection.hasEnded();
  }

  /** The data of a {@code stream.reset}. */
  public static String resetData(String reason, long oldest, long latest) {
    return Pages.resetData(reason, oldest, latest);
  }
}
