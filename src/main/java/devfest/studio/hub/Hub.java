package devfest.studio.hub;

import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.TransientEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
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
 * All open streams of this node.
 *
 * <p>One thread publishes, the log's tailer, so all readers see one order. Everything else is safe
 * from any thread.
 */
public final class Hub {

  /** How many of the newest events are kept in memory. */
  public static final int RING_EVENTS = 8_192;

  private static final Logger LOG = System.getLogger(Hub.class.getName());
  private static final long RING_BYTES = 32L * 1024 * 1024;

  /** Far more than can end while transient events of theirs are under way. */
  private static final int ENDED_KEYS = 1_000;

  private final Limits limits;
  private final LogSource log;
  private final Turns reading;
  private final Ring ring = new Ring(RING_EVENTS, RING_BYTES);
  private final Index index = new Index();
  private final AtomicBoolean logLost = new AtomicBoolean();
  private final Queue<Subscription> leaving = new ConcurrentLinkedQueue<>();
  private final Map<String, Integer> places = new HashMap<>();
  private int taken;
  private final LongAdder published = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final Map<String, LongAdder> closings = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private volatile long head;

  /** The keys that ended last, whose transient events come too late; the publisher's. */
  private final Set<String> ended =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > ENDED_KEYS;
            }
          });

  /**
   * @param head the position up to which everything is old
   * @param reading runs the reading of those that have fallen behind, in turns by place
   */
  public Hub(Limits limits, LogSource log, long head, Turns reading) {
    this.limits = limits;
    this.log = log;
    this.head = head;
    this.reading = reading;
  }

  /** The newest position that has been published. */
  public long head() {
    return head;
  }

  /**
   * Whether a reader that goes on behind this position can do so from memory, without looking into
   * the log.
   */
  public boolean holds(long position) {
    long newest = head; // before the ring is looked at, which may move on
    return position == newest || (position < newest && ring.reaches(position));
  }

  Ring ring() {
    return ring;
  }

  LogSource log() {
    return log;
  }

  void read(Subscriber subscriber, Runnable task) {
    reading.run(subscriber.place(), task);
  }

  /** Logged once, however many readers wait for it. */
  void reportLogLost(Throwable reason) {
    if (logLost.compareAndSet(false, true)) {
      LOG.log(Level.WARNING, "Readers that are behind can't read the log, and wait for it", reason);
    }
  }

  void reportLogFound() {
    if (logLost.compareAndSet(true, false)) {
      LOG.log(Level.INFO, "Readers that are behind read the log again");
    }
  }

  /**
   * Takes a place for a stream that gets every matching event above the position.
   *
   * @throws RefusedException when the node, the user or the address has no place left
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
            new Lifetime(limits, format.heartbeat(), subscriber.until(), now, System.nanoTime()));
    synchronized (places) {
      if (closed || taken >= limits.connections()) {
        throw new RefusedException(true, "the studio has no free stream, try again shortly");
      }
      int most = subscriber.userId() == null ? limits.perAddress() : limits.perUser();
      int mine = places.getOrDefault(subscriber.place(), 0);
      if (mine >= most) {
        throw new RefusedException(false, "at most " + most + " streams at a time");
      }
      places.put(subscriber.place(), mine + 1);
      taken++;
      index.add(subscription);
    }
    return subscription;
  }

  /**
   * Lets the subscription get other events from now on. Same thread as {@link #publish(List)}, so
   * that none is missed; its stream must not be fed meanwhile.
   *
   * @param filter with the same audience
   */
  public void refilter(Subscription subscription, Filter filter) {
    synchronized (places) {
      if (index.remove(subscription)) { // else it has ended
        subscription.filter(filter);
        index.add(subscription);
      }
    }
  }

  void remove(Subscription subscription) {
    synchronized (places) {
      if (index.remove(subscription)) {
        taken--;
        places.computeIfPresent(
            subscription.subscriber().place(), (key, n) -> n == 1 ? null : n - 1);
      }
    }
  }

  /** Takes its place away, and watches it until it has gone. */
  void leave(Subscription subscription) {
    remove(subscription);
    leaving.add(subscription);
  }

  /** Open streams. */
  public int connections() {
    return index.all().size();
  }

  /** Open connections of this kind. */
  public long connections(Transport transport) {
    return index.all().stream().filter(each -> each.transport() == transport).count();
  }

  /** Events that were published here, those of other nodes and passing ones too. */
  public long published() {
    return published.sum();
  }

  /** Frames that were given to readers. */
  public long delivered() {
    return delivered.sum();
  }

  /** Notes frames that were given to readers. */
  public void delivered(int frames) {
    delivered.add(frames);
  }

  /** How many streams were ended by this side, and why. */
  public Map<String, LongAdder> closings() {
    return Collections.unmodifiableMap(closings);
  }

  void closing(String reason) {
    closings.computeIfAbsent(reason, r -> new LongAdder()).increment();
  }

  /** Open streams that get at least one of these events. */
  public int matching(Collection<Event> events) {
    // What decides is not in the data, so of many events alike one is enough.
    Set<Event> kinds = new HashSet<>();
    for (Event event : events) {
      kinds.add(event.withData("null"));
    }
    if (kinds.size() == 1) {
      return index.count(kinds.iterator().next());
    }
    Set<Subscription> matching = Collections.newSetFromMap(new IdentityHashMap<>());
    kinds.forEach(kind -> index.forMatching(kind, matching::add));
    return matching.size();
  }

  /** Fills the memory with what was published in an earlier life; to be called before any other. */
  public void recall(List<LoggedEvent> events) {
    events.forEach(logged -> ring.put(Ring.Entry.of(logged)));
  }

  /** Brings a batch that lies right above everything published before. */
  public void publish(List<LoggedEvent> batch) {
    for (LoggedEvent logged : batch) {
      ring.put(Ring.Entry.of(logged));
      supersede(logged.event());
    }
    published.add(batch.size());
    head = batch.get(batch.size() - 1).position();
    for (LoggedEvent logged : batch) {
      long position = logged.position();
      index.forMatching(logged.event(), subscription -> subscription.mark(position));
    }
  }

  /** Drops what has been removed from the log. Same thread as {@link #publish(List)}. */
  public void forget(long pruned) {
    ring.forget(pruned);
  }

  /** Drops one event whose content was erased. Same thread as {@link #publish(List)}. */
  public void erase(long position) {
    ring.erase(position);
  }

  /** Drops the transient events that the event supersedes, pending ones and those to come. */
  private void supersede(Event event) {
    String key = event.ends();
    if (key != null) {
      index.forSeeing(event, subscription -> subscription.discard(key));
      ended.add(key);
    }
  }

  /** Brings an event that is worth seeing only now. Same thread as {@link #publish(List)}. */
  public void publish(TransientEvent event) {
    if (ended.contains(event.key())) {
      return;
    }
    published.increment();
    Frames frames = Frames.of(event);
    index.forMatching(
        event.event(),
        subscription -> subscription.offer(event.key(), frames.in(subscription.format().shape())));
  }

  /** Sends heartbeats and ends what is due; to be called about twice a second. */
  public void tick() {
    Instant now = Instant.now();
    for (Subscription subscription : index.all()) {
      subscription.tick(now);
    }
    leaving.removeIf(Subscription::gone);
  }

  /** How many places the user or address has taken. */
  public int taken(String place) {
    synchronized (places) {
      return places.getOrDefault(place, 0);
    }
  }

  /** Writes to the streams of a place, which shows whether their clients are still there. */
  public void probe(String place) {
    Instant now = Instant.now();
    for (Subscription subscription : index.all()) {
      if (subscription.subscriber().place().equals(place)) {
        subscription.sendHeartbeat(now);
      }
    }
  }

  /** Ends the streams of these subscribers, whose right to them was taken back. */
  public void revoke(Predicate<Subscriber> whose) {
    for (Subscription subscription : index.all()) {
      if (whose.test(subscription.subscriber())) {
        subscription.close("revoked");
      }
    }
  }

  /** Ends every stream and takes no more. */
  public void close() {
    synchronized (places) {
      closed = true;
    }
    new ArrayList<>(index.all()).forEach(subscription -> subscription.close("shutdown"));
  }

  public boolean isClosed() {
    return closed;
  }

  /** Whether some stream that was ended has still not gone. */
  public boolean isLeaving() {
    leaving.removeIf(Subscription::gone);
    return !leaving.isEmpty();
  }

  /** Cuts those that have not gone yet. */
  public void abandon() {
    leaving.forEach(Subscription::abort);
  }
}
