package devfest.studio.hub;

import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.sse.Frame;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The position of one subscription in the log. Returns the next matching event above it, from the
 * ring or, if the position is older than the ring, from a page of the log.
 *
 * <pre>
 *             mark              not in the ring
 *     IDLE ----------&gt; DUE -----------------------&gt; LOADING
 *      ^              ^ | ^                         |     |
 *      |  at the head | | |  page is used up  complete   fail
 *      +--------------|-+ |                         |     |
 *                     |   +--------- PAGE &lt;---------+     |
 *                     |   next                            |
 *                     +--------- FAILED &lt;----------------+
 * </pre>
 *
 * <p>Threads: {@link #next} is called by one thread at a time, the writer; only it leaves DUE, PAGE
 * and FAILED. Any thread may call {@link #mark}, which only leaves IDLE. The thread that reads a
 * page leaves LOADING, by {@link #complete} or {@link #fail}. So each state is left by one party,
 * which writes the data that it hands over before it changes the state.
 */
final class Cursor {

  /** What the cursor does next. */
  enum State {
    /** Every matching event was returned. The cursor waits until an event is published. */
    IDLE,
    /** Events above the position may match. */
    DUE,
    /** A page of the log is being read. */
    LOADING,
    /** A page of the log was read, and its events are returned. */
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
   * One of the states above. Any other number is DUE: the first position that may match. It is one
   * number, so that a mark can change the state and the position atomically.
   */
  private final AtomicLong state;

  /** Events up to here were returned or do not match. Changed by the writer only. */
  private volatile long position;

  /** Set before the state becomes PAGE. */
  private Pages.@Nullable Page page;

  /**
   * @param head returns the newest published position
   * @param load starts to read the page above a position; must not block
   * @param after events above this position are returned
   */
  Cursor(Ring ring, LongSupplier head, LongConsumer load, long after) {
    this.ring = ring;
    this.head = head;
    this.load = load;
    this.position = after;
    this.state = new AtomicLong(after + 1);
  }

  /** Sets the position. Called before the first {@link #next}. */
  void startAfter(long after) {
    position = after;
    state.set(after + 1);
  }

  /** Starts idle. Called before the first {@link #next}. */
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
   * Signals that a matching event was published. Called after the head was updated.
   *
   * @return whether the cursor was idle, so that the writer must be woken
   */
  boolean mark(long published) {
    return state.get() == IDLE && state.compareAndSet(IDLE, published);
  }

  /** Events up to the result were returned or do not match. Safe for use from many threads. */
  long reached() {
    long newest = head.getAsLong();
    long now = state.get();
    if (now == IDLE) {
      return newest;
    }
    return Math.min(newest, now >= 0 ? Math.max(position, now - 1) : position);
  }

  /** Sets the page that was requested. */
  void complete(Pages.Page read) {
    page = read;
    state.set(PAGE);
  }

  /** Reports that the requested page could not be read. */
  void fail() {
    state.set(FAILED);
  }

  /** The next matching event as a frame; null while idle or loading. */
  @Nullable Frame next(Filter filter, Shape shape) {
    while (true) {
      long now = state.get();
      if (now == IDLE || now == LOADING) {
        return null;
      }
      if (now == PAGE) {
        Frame frame = nextOfPage(shape);
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
        becomeIdle(newest);
        continue;
      }
      Ring.Entry entry = ring.get(position + 1);
      if (entry == null) {
        state.set(LOADING);
        load.accept(position);
        return null; // the thread that reads the page wakes the writer
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

  /** The next frame of the page; null at its end. */
  private @Nullable Frame nextOfPage(Shape shape) {
    Pages.Page current = Objects.requireNonNull(page, "the state PAGE requires a page");
    Frame reset = current.takeReset();
    if (reset != null) {
      return reset;
    }
    while (current.hasNext()) {
      LoggedEvent event = current.next();
      position = event.position();
      Frame frame = new Frames(event).in(shape);
      if (frame != null) {
        return frame;
      }
    }
    position = Math.max(position, current.upTo());
    page = null;
    state.set(position + 1);
    return null;
  }

  /** Becomes idle, unless an event was published concurrently. */
  private void becomeIdle(long seen) {
    state.set(IDLE);
    if (head.getAsLong() > seen) {
      // Its mark may have been ignored, because the cursor was not idle yet. Then the mark of a
      // later
      // event may have been taken: it must not skip the first.
      state.set(seen + 1);
    }
  }
}
