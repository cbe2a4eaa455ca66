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
  private final SseBroadcaster readers = new Broadcaster();
  private final AtomicInteger count = new AtomicInteger();
  private final Object turn = new Object();
  private final AtomicLong pulse = new AtomicLong();

  @GuardedBy("this")
  private long changes;

  @GuardedBy("this")
  private boolean due;

  @GuardedBy("this")
  private long sentAt = System.nanoTime() - FeedGroups.PAUSE_NANOS;

  /**
   * @param emptied called when the last client has left
   */
  FeedGroup(FeedView<?> view, Consumer<FeedGroup> emptied) {
    this.view = view;
    readers.onClose(
        sink -> {
          if (count.decrementAndGet() == 0) {
            emptied.accept(this);
          }
        });
  }

  FeedView<?> view() {
    return view;
  }

  /** Held while the state is read and sent. */
  Object turn() {
    return turn;
  }

  SseBroadcaster readers() {
    return readers;
  }

  void join(Sink reader) {
    count.incrementAndGet();
    readers.register(reader);
  }

  int size() {
    return count.get();
  }

  boolean isEmpty() {
    return count.get() == 0;
  }

  /** Begins the wait for the next pulse, in place of an earlier wait. */
  long newPulse() {
    return pulse.incrementAndGet();
  }

  boolean isPulse(long one) {
    return pulse.get() == one;
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
   * @return nanoseconds after which it is to be sent; negative when that is scheduled already
   */
  synchronized long changed() {
    changes++;
    if (due) {
      return -1;
    }
    due = true;
    return Math.max(0, sentAt + FeedGroups.PAUSE_NANOS - System.nanoTime());
  }

  /** Called before the state is read, so that a later change is sent again. */
  synchronized void sending() {
    due = false;
    sentAt = System.nanoTime();
  }
}
