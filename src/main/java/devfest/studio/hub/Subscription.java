package devfest.studio.hub;

import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.sse.EventStream;
import devfest.studio.sse.Frame;
import devfest.studio.sse.FrameSource;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One reader: a filter and a cursor in the log.
 *
 * <p>Asked for a frame, it gives the next matching one above its cursor, from the ring or, when it
 * has fallen behind that, from a page of the log; then what is transient. Since everything is found
 * by the cursor, replay, catching up and live are one thing.
 *
 * <p>One that has seen everything is idle and is not looked at again before something for it is
 * published: {@link #mark} then says from where on to look. What it holds itself is bounded: a page
 * of the log and the newest transient event of each thing.
 */
public final class Subscription implements FrameSource {

  private static final Logger LOG = System.getLogger(Subscription.class.getName());
  private static final long IDLE = Long.MAX_VALUE;
  private static final int FIRST_PAGE = 50;
  private static final int MAX_PAGE = 200;

  /** So that a reader that stops reading in the middle of a page holds little memory. */
  private static final int PAGE_CHARS = 32 * 1024;

  private static final int MAX_TRANSIENT = 256;
  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private final Hub hub;
  private volatile Filter filter;
  private final Subscriber subscriber;
  private final Transport transport;
  private final Format format;
  private final Instant end;
  private final boolean endsWithToken;

  /** Streams that were opened together should not send their heartbeats together for ever. */
  private final double pace = ThreadLocalRandom.current().nextDouble(0.75, 1);

  /** Nothing that matches lies between the cursor and this. */
  private final AtomicLong due;

  /** The writer's alone. */
  private long cursor;

  private Part part = Part.NONE;
  private int pageSize = FIRST_PAGE;

  private volatile boolean loading;
  private volatile Part loaded;
  private volatile boolean loadFailed;
  private final AtomicInteger probes = new AtomicInteger();

  private volatile Runnable waker = () -> {};
  private volatile boolean polls;
  private volatile EventStream stream;
  private volatile String closeReason;
  private volatile long closedAt;

  /** When the last heartbeat was sent; the clock's alone. */
  private long beat = System.nanoTime();

  /** Guarded by the subscription; made when needed, which on most streams is never. */
  private Map<String, Frame> pending = Map.of();

  /** What was read from the log: first a reset if events were missing, then the rest. */
  private record Part(Frame reset, Iterator<LoggedEvent> events, long upTo) {
    static final Part NONE = new Part(null, List.<LoggedEvent>of().iterator(), 0);

    Part withoutReset() {
      return new Part(null, events, upTo);
    }
  }

  Subscription(
      Hub hub,
      Filter filter,
      Subscriber subscriber,
      Transport transport,
      Format format,
      long after,
      Duration lifetime,
      Instant now) {
    this.hub = hub;
    this.filter = filter;
    this.subscriber = subscriber;
    this.transport = transport;
    this.format = format;
    this.cursor = after;
    this.due = new AtomicLong(after + 1);
    double jitter = ThreadLocalRandom.current().nextDouble(0.9, 1.1);
    Instant natural = now.plusMillis((long) (lifetime.toMillis() * jitter));
    this.endsWithToken = subscriber.until() != null && subscriber.until().isBefore(natural);
    this.end = endsWithToken ? subscriber.until() : natural;
  }

  public Subscriber subscriber() {
    return subscriber;
  }

  Transport transport() {
    return transport;
  }

  Filter filter() {
    return filter;
  }

  void filter(Filter other) {
    filter = other;
  }

  /** Where to begin, when it was not known yet; to be called before anything is fed. */
  public void startAfter(long position) {
    cursor = position;
    due.set(position + 1);
  }

  /** Begins to feed the stream, and leaves when it ends. */
  public void attach(EventStream to) {
    waker = to::wake;
    stream = to;
    to.ended().whenComplete((none, fault) -> cancel());
    to.from(this);
    String reason = closeReason;
    if (reason != null) {
      hub.leave(this); // once more: now there is a stream to watch
      farewell(to, reason);
    }
  }

  /**
   * Has the action run when there is something to read, instead of feeding a stream. It must be
   * quick, and may be run more than once.
   */
  public void whenReady(Runnable action) {
    polls = true;
    waker = action;
    due.set(IDLE);
  }

  /**
   * Has heartbeats sent more often, as it matters to somebody whether the reader is still there:
   * that shows when it is written to.
   *
   * @param matters false when it does no longer to one who had asked for it
   */
  public void probe(boolean matters) {
    int ignored = probes.addAndGet(matters ? 1 : -1);
  }

  /** Gives its place back. */
  public void cancel() {
    hub.remove(this);
  }

  /** Something for it was published; the publisher's thread, after the head has moved. */
  void mark(long position) {
    if (due.get() == IDLE && due.compareAndSet(IDLE, position)) {
      waker.run();
    }
  }

  @Override
  public Frame next() {
    Frame frame = look();
    if (frame != null) {
      hub.delivered(1);
    }
    return frame;
  }

  @Override
  public boolean isRead() {
    return !loading && due.get() == IDLE;
  }

  private Frame look() {
    while (true) {
      if (part.reset() != null) {
        Frame reset = part.reset();
        part = part.withoutReset();
        return reset;
      }
      if (part.events().hasNext()) {
        LoggedEvent event = part.events().next();
        cursor = event.position();
        Frame frame = Frames.of(event).in(format.shape());
        if (frame != null) {
          return frame;
        }
        continue;
      }
      cursor = Math.max(cursor, part.upTo());
      if (loading) {
        return null; // wakes us when it is done
      }
      if (loaded != null) {
        part = loaded;
        loaded = null;
        continue;
      }
      long from = due.get();
      if (from == IDLE) {
        return transientFrame();
      }
      cursor = Math.max(cursor, from - 1);
      long head = hub.head();
      if (cursor >= head) {
        rest(head);
        continue;
      }
      Ring.Entry entry = hub.ring().get(cursor + 1);
      if (entry == null) {
        load();
        return null;
      }
      cursor = entry.position();
      if (filter.matches(entry.frames().event())) {
        Frame frame = entry.frames().in(format.shape());
        if (frame != null) {
          return frame;
        }
      }
    }
  }

  /** Becomes idle, unless something was published while it looked. */
  private void rest(long seen) {
    due.set(IDLE);
    if (hub.head() > seen) {
      // Its mark may have come before we were idle, and so have been ignored.
      due.compareAndSet(IDLE, seen + 1);
    }
  }

  private void load() {
    loading = true;
    long after = cursor;
    int most = pageSize;
    hub.read(subscriber, () -> load(after, most));
  }

  /** Reads the next part of the log; on a thread that may block. */
  private void load(long after, int most) {
    if (hub.isClosed()) {
      return;
    }
    try {
      long head = hub.head();
      LogSource.Page page = hub.log().read(filter, after, most);
      boolean lost = page.pruned() > after;
      List<LoggedEvent> events =
          lost
              ? page.events().stream().filter(e -> e.position() > page.pruned()).toList()
              : page.events();
      List<LoggedEvent> kept = bounded(events);
      boolean all = kept.size() == events.size() && page.events().size() < most;
      long upTo = all ? Math.min(head, page.upTo()) : kept.get(kept.size() - 1).position();
      loaded =
          new Part(
              lost ? reset(page) : null,
              kept.iterator(),
              lost ? Math.max(upTo, page.pruned()) : upTo);
      hub.tellLogFound();
    } catch (Throwable e) {
      hub.tellLogLost(e);
      loadFailed = true; // the next tick wakes it
      loading = false;
      return;
    }
    loading = false;
    waker.run();
  }

  /** As many as may wait in memory, at least one; the next page is of about that many. */
  private List<LoggedEvent> bounded(List<LoggedEvent> events) {
    int chars = 0;
    int n = 0;
    while (n < events.size() && (n == 0 || chars < PAGE_CHARS)) {
      chars += events.get(n++).event().data().length();
    }
    pageSize = n < events.size() ? n + 1 : Math.min(MAX_PAGE, 2 * pageSize);
    return List.copyOf(events.subList(0, n));
  }

  /** Tells that events are gone that the reader has not seen. */
  private Frame reset(LogSource.Page page) {
    String id = Long.toString(page.pruned());
    return format
        .shape()
        .control(
            id,
            "stream.reset",
            Instant.now(),
            resetData("expired", page.pruned() + 1, page.latest()));
  }

  /** The data of a {@code stream.reset}. */
  public static String resetData(String reason, long oldest, long latest) {
    return "{\"reason\":\"%s\",\"oldest\":\"%s\",\"latest\":\"%s\"}"
        .formatted(reason, Long.toString(oldest), Long.toString(latest));
  }

  /** Keeps the newest frame of the key until the reader takes it. */
  void offer(String key, Frame frame) {
    if (polls || frame == null) {
      return; // who polls sees the log alone
    }
    synchronized (this) {
      if (pending.isEmpty()) {
        pending = new LinkedHashMap<>(4);
      }
      pending.remove(key);
      pending.put(key, frame);
      if (pending.size() > MAX_TRANSIENT) {
        pending.remove(pending.keySet().iterator().next());
      }
    }
    waker.run();
  }

  synchronized void discard(String key) {
    if (!pending.isEmpty()) {
      pending.remove(key);
    }
  }

  private synchronized Frame transientFrame() {
    if (pending.isEmpty()) {
      return null;
    }
    Iterator<Frame> frames = pending.values().iterator();
    Frame next = frames.next();
    frames.remove();
    return next;
  }

  Format format() {
    return format;
  }

  /** Heartbeat, lifetime, expiry and stall; called about twice a second. */
  void tick(Instant now, Limits limits) {
    if (!now.isBefore(end)) {
      close(endsWithToken ? "token_expired" : "lifetime");
      return;
    }
    EventStream to = stream;
    if (to == null) {
      return;
    }
    if (loadFailed) {
      loadFailed = false;
      to.wake();
    }
    long quiet = to.quietNanos();
    if (to.isBlocked()) {
      if (quiet > limits.stall().toNanos()) {
        close("stalled");
      }
    } else if (isDue(quiet, limits)) {
      beat = System.nanoTime();
      tell(to, format.heartbeat().at(now));
    }
  }

  /** Sends a heartbeat now, unless the socket takes nothing. */
  void sendHeartbeat(Instant now) {
    EventStream to = stream;
    if (to != null && !to.isBlocked()) {
      tell(to, format.heartbeat().at(now));
    }
  }

  private boolean isDue(long quiet, Limits limits) {
    // A comment keeps an idle connection alive; what the client's code sees has to come regularly.
    long since = format.heartbeat() == Heartbeat.COMMENT ? quiet : System.nanoTime() - beat;
    return since >= pace * limits.heartbeat().toNanos()
        || (probes.get() > 0 && quiet >= limits.probe().toNanos());
  }

  private static void tell(EventStream to, Frame frame) {
    try {
      to.send(frame);
    } catch (IllegalStateException e) {
      LOG.log(Level.TRACE, "closed meanwhile");
    }
  }

  /** Gives the place back, tells the reader why, and ends the stream. */
  void close(String reason) {
    closedAt = System.nanoTime();
    closeReason = reason;
    hub.closing(reason);
    hub.leave(this);
    EventStream to = stream;
    if (to != null) {
      farewell(to, reason);
    } else {
      waker.run();
    }
  }

  private synchronized void farewell(EventStream to, String reason) {
    if (!to.isClosed()) {
      String data = "{\"reason\":\"" + reason + "\"}";
      tell(to, format.shape().control(null, "stream.closed", Instant.now(), data));
      to.close();
    }
  }

  /** Why it was ended from this side; empty while it was not. */
  public Optional<String> closed() {
    return Optional.ofNullable(closeReason);
  }

  /** Ends the stream whether or not its reader has heard why. */
  void abort() {
    EventStream to = stream;
    if (to != null) {
      to.abort();
    }
  }

  /** Whether it has gone for good; one whose reader takes not even the farewell is cut. */
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
