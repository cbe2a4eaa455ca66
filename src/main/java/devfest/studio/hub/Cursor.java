package devfest.studio.hub;

import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.sse.Frame;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The place of one subscription in the log. Gives the next matching event above it, from the ring
 * or, when it has fallen behind the ring, from a page of the log.
 *
 * <pre>
 *             mark              not in the ring
 *     IDLE ----------&gt; DUE -----------------------&gt; LOADING
 *      ^              ^ | ^                         |     |
 *      |  at the head | | |  page is used up   arrive    fail
 *      +--------------|-+ |                         |     |
 *                     |   +--------- PAGE &lt;---------+     |
 *                     |   next                            |
 *                     +--------- FAILED &lt;----------------+
 * </pre>
 *
 * <p>Threads: one at a time, the writer, calls {@link #next}; only it leaves DUE, PAGE and FAILED.
 * Any thread may {@link #mark}, which only leaves IDLE. The thread that reads a page ends LOADING,
 * by {@link #arrive} or {@link #fail}. So each state is left by one party, and everything that a
 * party hands over is written before the state and read after it.
 */
final class Cursor {

  /** What happens next. */
  enum State {
    /** Everything that matches was given; nothing happens before something is published. */
    IDLE,
    /** Something above the position may match. */
    DUE,
    /** A page of the log is being read. */
    LOADING,
    /** A page of the log was read, and is given event by event. */
    PAGE,
    /** A page could not be read; the next call tries again. */
    FAILED
  }

  private static final int IDLE = -1;
  private static final int LOADING = -2;
  private static final int PAGE = -3;
  private static final int FAILED = -4;

  private final Ring ring;
  private final LongSupplier head;
  private final LongConsumer load;

  /**
   * One of the states above; DUE is any other number, the position from which on something may
   * match. One number, since a mark has to change the state and say from where on at once.
   */
  private final AtomicLong state;

  /** Everything up to here was given or does not match; the writer's. */
  private long position;

  /** Handed over with PAGE. */
  private Pages.Page page;

  /**
   * @param head gives the newest position that was published
   * @param load begins to read the page above a position; must not block
   * @param after the position after which events are given
   */
  Cursor(Ring ring, LongSupplier head, LongConsumer load, long after) {
    this.ring = ring;
    this.head = head;
    this.load = load;
    this.position = after;
    this.state = new AtomicLong(after + 1);
  }

  /** Begins elsewhere; before anything is given. */
  void startAfter(long after) {
    position = after;
    state.set(after + 1);
  }

  /** Begins without looking for anything; before anything is given. */
  void startIdle() {
    state.set(IDLE);
  }

  State state() {
    long now = state.get();
    if (now >= 0) {
      return State.DUE;
    }
    return switch ((int) now) {
      case IDLE -> State.IDLE;
      case LOADING -> State.LOADING;
      case PAGE -> State.PAGE;
      default -> State.FAILED;
    };
  }

  /**
   * Notes that an event that matches was published, after the head has moved.
   *
   * @return whether the writer has to be woken, as it was idle
   */
  boolean mark(long published) {
    return state.get() == IDLE && state.compareAndSet(IDLE, published);
  }

  /** Hands over the page that was asked for. */
  void arrive(Pages.Page read) {
    page = read;
    state.set(PAGE);
  }

  /** Gives up the page that was asked for. */
  void fail() {
    state.set(FAILED);
  }

  /** The next matching event as a frame; null when idle or while a page is being read. */
  Frame next(Filter filter, Shape shape) {
    while (true) {
      long now = state.get();
      if (now == IDLE || now == LOADING) {
        return null;
      }
      if (now == PAGE) {
        Frame frame = turn(shape);
        if (frame != null) {
          return frame;
        }
        continue;
      }
      if (now != FAILED) {
        position = Math.max(position, now - 1);
      }
      long newest = head.getAsLong();
      if (position >= newest) {
        rest(newest);
        continue;
      }
      Ring.Entry entry = ring.get(position + 1);
      if (entry == null) {
        state.set(LOADING);
        load.accept(position);
        return null; // it wakes the writer when it is done
      }
      position = entry.position();
      if (filter.matches(entry.frames().event())) {
        Frame frame = entry.frames().in(shape);
        if (frame != null) {
          return frame;
        }
      }
    }
  }

  /** The next of the page; null when it is used up. */
  private Frame turn(Shape shape) {
    Frame reset = page.takeReset();
    if (reset != null) {
      return reset;
    }
    while (page.hasNext()) {
      LoggedEvent event = page.next();
      position = event.position();
      Frame frame = Frames.of(event).in(shape);
      if (frame != null) {
        return frame;
      }
    }
    position = Math.max(position, page.upTo());
    page = null;
    state.set(position + 1);
    return null;
  }

  /** Becomes idle, unless something was published while it looked. */
  private void rest(long seen) {
    state.set(IDLE);
    if (head.getAsLong() > seen) {
      // Its mark may have come before this was idle, and so have been ignored.
      state.compareAndSet(IDLE, seen + 1);
    }
  }
}
