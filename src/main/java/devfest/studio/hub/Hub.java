package devfest.studio.hub;

import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.TransientEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * The subscriptions of this node, and the ring of the newest events.
 *
 * <p>Only the tailer's thread publishes, so all streams see one order. All other methods are safe
 * for use from many threads unless stated otherwise.
 */
public final class Hub {

  /** Capacity of the ring, so that most clients that reconnect are served from memory. */
  public static final int RING_EVENTS = 8_192;

  /**
   * Tests of connections need no permission, so they have few slots, and take none from clients.
   */
  static final int TESTS = 100;

  /** A conference often has one address. */
  static final int TESTS_PER_ADDRESS = 20;

  private static final Logger LOG = System.getLogger(Hub.class.getName());

  /** Bounds the memory of the ring if events are large. */
  private static final long RING_BYTES = 32L * 1024 * 1024;

  private final Limits limits;
  private final LogSource log;
  private final Turns turns;
  private final Ring ring = new Ring(RING_EVENTS, RING_BYTES);
  private final Slots slots;
  private final Slots tests = new Slots(TESTS);

  /**
   * Modified while its lock is held, so that a subscription has a slot while it is in the index.
   */
  private final Index index = new Index();

  /** Used by the publisher. */
  private final Keys keys = new Keys();

  private final AtomicBoolean logUnavailable = new AtomicBoolean();

  /** Closed subscriptions whose streams have not ended yet. */
  private final Queue<Subscription> draining = new ConcurrentLinkedQueue<>();

  private final Clock clock;
  private final LongAdder published = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final Map<String, LongAdder> closings = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private volatile long head;

  /**
   * @param head the newest position of the log; events above it will be published
   * @param turns reads the log for streams that are behind the ring, in turns by quota key
   * @param clock the time at which tokens expire, and of the frames that the hub creates
   */
  public Hub(Limits limits, LogSource log, long head, Turns turns, Clock clock) {
    this.limits = limits;
    this.log = log;
    this.head = head;
    this.turns = turns;
    this.clock = clock;
    this.slots = new Slots(limits.connections());
  }

  /** The slots of this node's streams, except those that only test the connection. */
  public Slots slots() {
    return slots;
  }

  /** The number of slots that the quota key uses on this node, with those of tests. */
  public int inUse(String quotaKey) {
    return slots.inUse(quotaKey) + tests.inUse(quotaKey);
  }

  /** The newest position that has been published. */
  public long head() {
    return head;
  }

  /** Whether a client can resume after this position from memory, without reading the log. */
  public boolean holds(long position) {
    long newest = head; // before reading the ring, which may advance
    return position == newest || (position < newest && ring.covers(position));
  }

  Ring ring() {
    return ring;
  }

  Clock clock() {
    return clock;
  }

  LogSource log() {
    return log;
  }

  void read(Subscriber subscriber, Runnable task) {
    turns.run(subscriber.quotaKey(), task);
  }

  /** Logs the failure once, however many streams are affected. */
  void reportLogUnavailable(Throwable reason) {
    if (logUnavailable.compareAndSet(false, true)) {
      LOG.log(
          Level.WARNING, "The log cannot be read. Streams that are behind wait and retry.", reason);
    }
  }

  void reportLogAvailable() {
    if (logUnavailable.compareAndSet(true, false)) {
      LOG.log(Level.INFO, "The log can be read again.");
    }
  }

  /**
   * Takes a slot for a subscription to every matching event above the position.
   *
   * @throws RefusedException if the node, the user or the address has no free slot
   */
  public Subscription subscribe(
      Filter filter,
      Subscriber subscriber,
      Transport transport,
      Format format,
      long after,
      Instant now) {
    Subscription subscription =
        new Subscription(
            this,
            filter,
            subscriber,
            transport,
            format,
            after,
            now,
            new Lifetime(limits, format.heartbeat(), subscriber.until(), now, System.nanoTime()));
    synchronized (index) {
      if (closed) {
        throw Slots.full();
      }
      if (transport == Transport.TEST) {
        slots.check(); // so that a test shows that the studio is full
        tests.take(subscriber.quotaKey(), TESTS_PER_ADDRESS);
      } else {
        int limit = subscriber.userId() == null ? limits.perAddress() : limits.perUser();
        slots.take(subscriber.quotaKey(), limit);
      }
      index.add(subscription);
    }
    return subscription;
  }

  /**
   * Replaces the filter of the subscription. Called by the thread that publishes, so that no event
   * is missed, and while the stream's source is paused.
   *
   * @param filter must have the same audience
   */
  public void refilter(Subscription subscription, Filter filter) {
    synchronized (index) {
      if (index.remove(subscription)) { // otherwise the stream has ended
        subscription.filter(filter);
        index.add(subscription);
      }
    }
  }

  void remove(Subscription subscription) {
    synchronized (index) {
      if (index.remove(subscription)) {
        Slots taken = subscription.transport() == Transport.TEST ? tests : slots;
        taken.free(subscription.subscriber().quotaKey());
      }
    }
  }

  /** Frees the slot, and tracks the subscription until its stream has ended. */
  void drain(Subscription subscription) {
    remove(subscription);
    draining.add(subscription);
  }

  /** The number of subscriptions. */
  public int connections() {
    return index.all().size();
  }

  /** The number of subscriptions over this transport. */
  public long connections(Transport transport) {
    return index.all().stream().filter(each -> each.transport() == transport).count();
  }

  /**
   * The number of events published to this hub, including transient events and those of other
   * nodes.
   */
  public long published() {
    return published.sum();
  }

  /** The number of frames delivered to clients. */
  public long delivered() {
    return delivered.sum();
  }

  /** Adds frames to the number of delivered frames. */
  public void delivered(int frames) {
    delivered.add(frames);
  }

  /** The number of streams that the server has closed, by reason. */
  public Map<String, LongAdder> closings() {
    return Collections.unmodifiableMap(closings);
  }

  void countClosing(String reason) {
    closings.computeIfAbsent(reason, r -> new LongAdder()).increment();
  }

  /** The number of subscriptions that match at least one of these events. */
  public int matching(Collection<Event> events) {
    Set<Event> kinds = new HashSet<>();
    for (Event event : events) {
      kinds.add(event.kind());
    }
    if (kinds.size() == 1) {
      return index.count(kinds.iterator().next());
    }
    Set<Subscription> matching = Collections.newSetFromMap(new IdentityHashMap<>());
    kinds.forEach(kind -> index.forMatching(kind, matching::add));
    return matching.size();
  }

  /** Fills the ring with events from before the start. Called before anything is published. */
  public void preload(List<LoggedEvent> events) {
    events.forEach(logged -> ring.put(Ring.Entry.of(logged)));
  }

  /** Publishes a batch that follows directly on everything published before. */
  public void publish(List<LoggedEvent> batch) {
    for (LoggedEvent logged : batch) {
      ring.put(Ring.Entry.of(logged));
      String superseded = logged.event().ends();
      if (superseded != null) {
        keys.end(superseded);
      }
    }
    published.add(batch.size());
    head = batch.get(batch.size() - 1).position();
    for (LoggedEvent logged : batch) {
      long position = logged.position();
      index.forMatching(logged.event(), subscription -> subscription.mark(position));
    }
  }

  /**
   * Drops pruned events from memory. Called by the thread that publishes.
   *
   * @param position events up to here were pruned
   */
  public void prune(long position) {
    ring.prune(position);
  }

  /** Drops one erased event from memory. Called by the thread that publishes. */
  public void erase(long position) {
    ring.erase(position);
  }

  /** Publishes a transient event. Called by the thread that publishes. */
  public void publish(TransientEvent event) {
    Keys.Key key = keys.get(event.key());
    if (key == null) {
      return; // superseded by an event that was published already
    }
    published.increment();
    Frames frames = new Frames(event);
    index.forMatching(
        event.event(),
        subscription -> subscription.offer(key, frames.in(subscription.format().shape())));
  }

  /** Sends heartbeats, and closes streams that are due. Called about twice per second. */
  public void tick() {
    Instant now = clock.instant();
    for (Subscription subscription : index.all()) {
      subscription.tick(now);
    }
    draining.removeIf(Subscription::hasEnded);
  }

  /** Writes to the streams of a user or address, which detects clients that have disconnected. */
  public void probe(String quotaKey) {
    Instant now = clock.instant();
    for (Subscription subscription : index.all()) {
      if (subscription.subscriber().quotaKey().equals(quotaKey)) {
        subscription.sendHeartbeat(now);
      }
    }
  }

  /** Closes the streams of subscribers whose permission was revoked. */
  public void revoke(Predicate<Subscriber> revoked) {
    for (Subscription subscription : index.all()) {
      if (revoked.test(subscription.subscriber())) {
        subscription.close("revoked");
      }
    }
  }

  /**
   * Closes one stream, as if its permission was revoked.
   *
   * @param id as in {@link Subscription#id}
   * @return whether it was open
   */
  public boolean revoke(String id) {
    for (Subscription subscription : index.all()) {
      if (subscription.id().equals(id)) {
        subscription.close("revoked");
        return true;
      }
    }
    return false;
  }

  /** The subscriptions of this node at present. */
  public Set<Subscription> subscriptions() {
    return Collections.unmodifiableSet(index.all());
  }

  /** Refuses new streams. The open ones continue. */
  public void refuse() {
    synchronized (index) {
      closed = true;
    }
  }

  /** Closes this number of streams, or all if there are fewer. */
  public void close(int streams) {
    index.all().stream()
        .limit(streams)
        .toList()
        .forEach(subscription -> subscription.close("shutdown"));
  }

  /** Refuses new streams and closes every stream. */
  public void close() {
    refuse();
    close(Integer.MAX_VALUE);
  }

  /** Whether new streams are refused. */
  public boolean isClosed() {
    return closed;
  }

  /** Whether a closed stream has not ended yet. */
  public boolean isDraining() {
    draining.removeIf(Subscription::hasEnded);
    return !draining.isEmpty();
  }

  /** Aborts the closed streams that have not ended yet. */
  public void abortDraining() {
    draining.forEach(Subscription::abort);
  }
}
