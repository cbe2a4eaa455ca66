package devfest.studio.hub;

import devfest.studio.events.Event;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.TransientEvent;
import devfest.studio.sse.Frame;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * All open streams of this node.
 *
 * <p>One thread publishes, the log's tailer, so all readers see one order. Everything else is safe
 * from any thread.
 */
public final class Hub {

  private static final int RING_EVENTS = 8_192;
  private static final long RING_BYTES = 32L * 1024 * 1024;
  private static final int ENDED_JOBS = 1_000;

  private final Limits limits;
  private final LogSource log;
  private final Executor reader;
  private final Ring ring = new Ring(RING_EVENTS, RING_BYTES);
  private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> places = new HashMap<>();
  private int taken;
  private boolean closed;
  private volatile long head;

  /** The jobs that ended last: progress that was on its way while one ended comes too late. */
  private final Map<String, Boolean> ended =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > ENDED_JOBS;
        }
      };

  /**
   * @param head the position up to which everything is old
   * @param reader runs the reading of those that have fallen behind; its tasks may block
   */
  public Hub(Limits limits, LogSource log, long head, Executor reader) {
    this.limits = limits;
    this.log = log;
    this.head = head;
    this.reader = reader;
  }

  /** The newest position that has been published. */
  public long head() {
    return head;
  }

  Ring ring() {
    return ring;
  }

  LogSource log() {
    return log;
  }

  void read(Runnable task) {
    reader.execute(task);
  }

  /**
   * Takes a place for a stream that gets every matching event above the position.
   *
   * @throws RefusedException when the node, the user or the address has no place left
   */
  public Subscription subscribe(Filter filter, Subscriber subscriber, long after) {
    Subscription subscription =
        new Subscription(this, filter, subscriber, after, limits.lifetime());
    synchronized (places) {
      if (closed || taken >= limits.connections()) {
        throw new RefusedException(true, "the studio has no free stream, try again shortly");
      }
      int most = subscriber.userId() == null ? limits.perAddress() : limits.perUser();
      int mine = places.getOrDefault(place(subscriber), 0);
      if (mine >= most) {
        throw new RefusedException(false, "at most " + most + " streams at a time");
      }
      places.put(place(subscriber), mine + 1);
      taken++;
      subscriptions.add(subscription);
    }
    return subscription;
  }

  void remove(Subscription subscription) {
    synchronized (places) {
      if (subscriptions.remove(subscription)) {
        taken--;
        places.computeIfPresent(
            place(subscription.subscriber()), (key, n) -> n == 1 ? null : n - 1);
      }
    }
  }

  private static String place(Subscriber subscriber) {
    return subscriber.userId() == null
        ? "address " + subscriber.address()
        : "user " + subscriber.userId();
  }

  /** Open streams. */
  public int connections() {
    return subscriptions.size();
  }

  /** Open streams that get at least one of these events. */
  public int matching(List<Event> events) {
    return (int) subscriptions.stream().filter(s -> events.stream().anyMatch(s::matches)).count();
  }

  /** Brings a batch that lies right above everything published before. */
  public void publish(List<LoggedEvent> batch) {
    for (LoggedEvent logged : batch) {
      ring.put(Ring.Entry.of(logged));
      overtake(logged.event());
    }
    head = batch.get(batch.size() - 1).position();
    for (Subscription subscription : subscriptions) {
      for (LoggedEvent logged : batch) {
        if (subscription.matches(logged.event())) {
          subscription.wake();
          break;
        }
      }
    }
  }

  /** What is logged of a job makes its pending progress old news. */
  private void overtake(Event event) {
    String job = event.transformationId();
    if (job == null) {
      return;
    }
    subscriptions.forEach(subscription -> subscription.discard(job));
    if (event.endsJob()) {
      ended.put(job, true);
    } else {
      ended.remove(job);
    }
  }

  /** Brings an event that is worth seeing only now. Same thread as {@link #publish(List)}. */
  public void publish(TransientEvent event) {
    if (ended.containsKey(event.key())) {
      return;
    }
    Frame frame = Frame.event(null, event.event().type(), event.json());
    for (Subscription subscription : subscriptions) {
      if (subscription.matches(event.event())) {
        subscription.offer(event.key(), frame);
      }
    }
  }

  /** Sends heartbeats and ends what is due; to be called about once a second. */
  public void tick() {
    Instant now = Instant.now();
    for (Subscription subscription : subscriptions) {
      subscription.tick(now, limits);
    }
  }

  /** Ends every stream and takes no more. */
  public void close() {
    synchronized (places) {
      closed = true;
    }
    new ArrayList<>(subscriptions).forEach(subscription -> subscription.close("shutdown"));
  }
}
