package devfest.studio.feed;

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
  private long changes;
  private boolean due;
  private long toldAt = System.nanoTime() - FeedGroups.PAUSE_NANOS;

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

  /** Held by who reads the state and tells it. */
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

  /** Arranges the next telling without a change, instead of what was arranged before. */
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
   * Notes a change.
   *
   * @return nanoseconds after which it is to be told; negative when that is arranged already
   */
  synchronized long changed() {
    changes++;
    if (due) {
      return -1;
    }
    due = true;
    return Math.max(0, toldAt + FeedGroups.PAUSE_NANOS - System.nanoTime());
  }

  /** To be called before the state is read that is told: a later change is told again. */
  synchronized void telling() {
    due = false;
    toldAt = System.nanoTime();
  }
}
