package devfest.studio.hub;

import devfest.studio.events.Envelope;
import devfest.studio.events.Event;
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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One reader: a filter and a cursor in the log.
 *
 * <p>Asked for a frame, it gives the next matching one above its cursor, from the ring or, when it
 * has fallen behind that, from a page of the log; then what is transient. Since everything is found
 * by the cursor, replay, catching up and live are one thing.
 */
public final class Subscription implements FrameSource {

  private static final Logger LOG = System.getLogger(Subscription.class.getName());
  private static final int PAGE = 50;

  private final Hub hub;
  private final Filter filter;
  private final Subscriber subscriber;
  private final Instant end;
  private final boolean endsWithToken;
  private final Queue<LoggedEvent> page = new ConcurrentLinkedQueue<>();
  private final Map<String, Frame> pending = new LinkedHashMap<>();
  private volatile boolean loading;
  private volatile long cursor;
  private volatile long readUpTo;
  private volatile EventStream stream;

  Subscription(Hub hub, Filter filter, Subscriber subscriber, long after, Duration lifetime) {
    this.hub = hub;
    this.filter = filter;
    this.subscriber = subscriber;
    this.cursor = after;
    this.readUpTo = after;
    double jitter = ThreadLocalRandom.current().nextDouble(0.9, 1.1);
    Instant natural = Instant.now().plusMillis((long) (lifetime.toMillis() * jitter));
    this.endsWithToken = subscriber.until() != null && subscriber.until().isBefore(natural);
    this.end = endsWithToken ? subscriber.until() : natural;
  }

  Subscriber subscriber() {
    return subscriber;
  }

  /** Begins to feed the stream. */
  public void attach(EventStream to) {
    stream = to;
    to.from(this);
  }

  /** Gives its place back. */
  public void cancel() {
    hub.remove(this);
  }

  boolean matches(Event event) {
    return filter.matches(event);
  }

  void wake() {
    EventStream to = stream;
    if (to != null) {
      to.wake();
    }
  }

  @Override
  public Frame next() {
    while (true) {
      // Before the page: what is read while this looks would otherwise be overtaken by the ring.
      boolean mayGrow = loading;
      LoggedEvent read = page.poll();
      if (read != null) {
        cursor = read.position();
        return Ring.Entry.of(read).frame();
      }
      if (mayGrow) {
        return null;
      }
      cursor = Math.max(cursor, readUpTo);
      long head = hub.head();
      if (cursor >= head) {
        return transientFrame();
      }
      long position = cursor + 1;
      Ring.Entry entry = hub.ring().get(position);
      if (entry == null) {
        loading = true;
        hub.read(this::load);
        return null;
      }
      cursor = position;
      if (filter.matches(entry.event().event())) {
        return entry.frame();
      }
    }
  }

  /** Reads the next page of the log; on a thread that may block. */
  private void load() {
    try {
      long head = hub.head();
      List<LoggedEvent> next = hub.log().read(filter, cursor, PAGE);
      readUpTo = next.size() < PAGE ? head : next.get(next.size() - 1).position();
      page.addAll(next);
      loading = false;
      wake();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "A reader that is behind could not read the log, tries again", e);
      loading = false; // the next tick wakes it
    }
  }

  void offer(String key, Frame frame) {
    synchronized (pending) {
      pending.remove(key);
      pending.put(key, frame);
    }
    wake();
  }

  void discard(String key) {
    synchronized (pending) {
      pending.remove(key);
    }
  }

  private Frame transientFrame() {
    synchronized (pending) {
      Iterator<Frame> frames = pending.values().iterator();
      if (!frames.hasNext()) {
        return null;
      }
      Frame next = frames.next();
      frames.remove();
      return next;
    }
  }

  /** Heartbeat, lifetime, expiry and stall; called about once a second. */
  void tick(Instant now, Limits limits) {
    EventStream to = stream;
    if (to == null) {
      return;
    }
    long quiet = to.quietNanos();
    if (to.isBlocked()) {
      if (quiet > limits.stall().toNanos()) {
        close("stalled");
      }
    } else if (!now.isBefore(end)) {
      close(endsWithToken ? "token_expired" : "lifetime");
    } else if (quiet >= limits.heartbeat().toNanos()) {
      tell(to, Frame.comment("heartbeat " + now.toEpochMilli()));
    } else if (cursor < hub.head()) {
      to.wake();
    }
  }

  private static void tell(EventStream to, Frame frame) {
    try {
      to.send(frame);
    } catch (IllegalStateException e) {
      LOG.log(Level.TRACE, "closed meanwhile");
    }
  }

  /** Tells the reader why, and ends the stream. */
  void close(String reason) {
    EventStream to = stream;
    if (to == null || to.isClosed()) {
      return;
    }
    Instant now = Instant.now();
    String data = Envelope.control(null, "stream.closed", now, "{\"reason\":\"" + reason + "\"}");
    tell(to, Frame.event(null, "stream.closed", data));
    if (to.isBlocked()) {
      to.abort();
    } else {
      to.close();
    }
  }
}
