package devfest.studio.hub;

import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.sse.Frame;
import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the log page by page for one subscription. Used by one thread at a time, which may block.
 */
final class Pages {

  /** Most clients that resume have missed fewer events. */
  private static final int FIRST_EVENTS = 50;

  /** Larger pages hardly reduce the time per event. */
  private static final int MAX_EVENTS = 200;

  /** Bounds the memory of a client that stops reading in the middle of a page. */
  private static final int MAX_CHARS = 32 * 1024;

  private final LogSource log;
  private final Shape shape;
  private final Clock clock;
  private int size = FIRST_EVENTS;

  Pages(LogSource log, Shape shape, Clock clock) {
    this.log = log;
    this.shape = shape;
    this.clock = clock;
  }

  /** A part of the log: a reset if events before it were pruned, then events. */
  static final class Page {

    private final Iterator<LoggedEvent> events;
    private final long upTo;
    private @Nullable Frame reset;

    /**
     * @param reset null if no events were pruned
     * @param upTo every matching event up to here is in {@code events}
     */
    Page(@Nullable Frame reset, List<LoggedEvent> events, long upTo) {
      this.reset = reset;
      this.events = events.iterator();
      this.upTo = upTo;
    }

    /** Returns the reset once; null if there is none. */
    @Nullable Frame takeReset() {
      Frame frame = reset;
      reset = null;
      return frame;
    }

    boolean hasNext() {
      return events.hasNext();
    }

    LoggedEvent next() {
      return events.next();
    }

    long upTo() {
      return upTo;
    }
  }

  /**
   * Reads the next page.
   *
   * @param after the position below the page
   * @param head the newest published position
   * @throws RuntimeException if the log cannot be read
   */
  Page read(Filter filter, long after, long head) {
    int limit = size;
    LogSource.Page part = log.read(filter, after, limit);
    boolean pruned = part.pruned() > after;
    List<LoggedEvent> events =
        pruned
            ? part.events().stream().filter(e -> e.position() > part.pruned()).toList()
            : part.events();
    List<LoggedEvent> kept = bounded(events);
    boolean complete = kept.size() == events.size() && part.events().size() < limit;
    long upTo = complete ? Math.min(head, part.upTo()) : last(kept);
    return pruned
        ? new Page(reset(part), kept, Math.max(upTo, part.pruned()))
        : new Page(null, kept, upTo);
  }

  private static long last(List<LoggedEvent> events) {
    return events.isEmpty() ? 0 : events.get(events.size() - 1).position();
  }

  /** The first events that fit into the memory bound, at least one. Adapts the next page's size. */
  private List<LoggedEvent> bounded(List<LoggedEvent> events) {
    int chars = 0;
    int n = 0;
    while (n < events.size() && (n == 0 || chars < MAX_CHARS)) {
      chars += events.get(n++).event().data().length();
    }
    size = n < events.size() ? n + 1 : Math.min(MAX_EVENTS, 2 * size);
    return List.copyOf(events.subList(0, n));
  }

  /** Reports that the client missed events because they were pruned. */
  private Frame reset(LogSource.Page part) {
    return shape.control(
        Long.toString(part.pruned()),
        "stream.reset",
        clock.instant(),
        resetData("expired", part.pruned() + 1, part.latest()));
  }

  /** The data of a {@code stream.reset}. */
  static String resetData(String reason, long oldest, long latest) {
    return "{\"reason\":\"%s\",\"oldest\":\"%s\",\"latest\":\"%s\"}"
        .formatted(reason, Long.toString(oldest), Long.toString(latest));
  }
}
