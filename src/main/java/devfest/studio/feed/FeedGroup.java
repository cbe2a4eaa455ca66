package devfest.studio.feed;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.sse.Broadcaster;
import devfest.studio.sse.Sink;
import jakarta.ws.rs.sse.SseBroadcaster;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The clients with one view of a state feed. Safe for use from many threads. */
final class FeedGroup {

  private final FeedView<?> view;
  private final SseBroadcaster clients = new Broadcaster();
  private final AtomicInteger count = new AtomicInteger();
  private final Object sendLock = new Object();
  private final AtomicLong pulse = new AtomicLong();

  @GuardedBy("this")
  private long changes;

  @GuardedBy("this")
  private boolean due;

  @GuardedBy("this")
  private long sentAt = System.nanoTime() - FeedGroups.PAUSE_NANOS;

  /**
   * @param emptied called when the last client has disconnected
   */
  FeedGroup(FeedView<?> view, Consumer<FeedGroup> emptied) {
    this.view = view;
    clients.onClose(
        sink -> {
          if (count.decrementAndGet() == 0) {
            emptied.accept(this);
          }
        });
  }

  FeedView<?> view() {
    return view;
  }

  /** The lock to hold while the state is read and sent. */
  Object sendLock() {
    return sendLock;
  }

  SseBroadcaster clients() {
    return clients;
  }

  void join(Sink client) {
    count.incrementAndGet();
    clients.register(client);
  }

  int size() {
    return count.get();
  }

  boolean isEmpty() {
    return count.get() == 0;
  }

  /** Starts a new pulse, which cancels an earlier one. Returns its number. */
  long newPulse() {
    return pulse.incrementAndGet();
  }

  boolean isPulse(long number) {
    return pulse.get() == number;
  }

  boolean hasPulse() {
    return pulse.get() > 0;
  }

  synchronized long changes() {
    return changes;
  }

  /**
   * Records a change.
   *
   * @return the delay in nanoseconds before the state is sent; negative if that is already
   *     scheduled
   */
  synchronized long changed() {
    changes++;
    if (due) {
      return -1;
    }
    due = true;
    return Math.max(0, sentAt + FeedGroups.PAUSE_NANOS - System.nanoTime());
  }

  /** Called before the state is read, so that a later change schedules the state again. */
  synchronized void sending() {
    due = false;
    sentAt = System.nanoTime();
  }
}
