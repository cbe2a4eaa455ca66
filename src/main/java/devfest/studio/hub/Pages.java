package devfest.studio.hub;

import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.sse.Frame;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;

/**
 * Reads the log page by page for one subscription. Used by one thread at a time, which may block.
 */
final class Pages {

  /** Most clients that resume have missed less. */
  private static final int FIRST = 50;

  /** A larger page is hardly read faster for each event. */
  private static final int LARGEST = 200;

  /** So that a client that stops reading in the middle of a page holds little memory. */
  private static final int CHARS = 32 * 1024;

  private final LogSource log;
  private final Shape shape;
  private int size = FIRST;

  Pages(LogSource log, Shape shape) {
    this.log = log;
    this.shape = shape;
  }

  /** A part of the log: first a reset if events are missing before it, then events. */
  static final class Page {

    private final Iterator<LoggedEvent> events;
    private final long upTo;
    private Frame reset;

    /**
     * @param reset null when nothing is missing
     * @param upTo nothing else that matches lies up to here
     */
    Page(Frame reset, List<LoggedEvent> events, long upTo) {
      this.reset = reset;
      this.events = events.iterator();
      this.upTo = upTo;
    }

    /** The reset, once; null when there is none. */
    Frame takeReset() {
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
   * @param after the position above which it begins
   * @param head the newest position that was published
   * @throws RuntimeException what the log throws
   */
  Page read(Filter filter, long after, long head) {
    int most = size;
    LogSource.Page part = log.read(filter, after, most);
    boolean lost = part.pruned() > after;
    List<LoggedEvent> events =
        lost
            ? part.events().stream().filter(e -> e.position() > part.pruned()).toList()
            : part.events();
    List<LoggedEvent> kept = bounded(events);
    boolean all = kept.size() == events.size() && part.events().size() < most;
    long upTo = all ? Math.min(head, part.upTo()) : last(kept);
    return lost
        ? new Page(reset(part), kept, Math.max(upTo, part.pruned()))
        : new Page(null, kept, upTo);
  }

  private static long last(List<LoggedEvent> events) {
    return events.isEmpty() ? 0 : events.get(events.size() - 1).position();
  }

  /** As many as may wait in memory, at least one; the next page is of about that many. */
  private List<LoggedEvent> bounded(List<LoggedEvent> events) {
    int chars = 0;
    int n = 0;
    while (n < events.size() && (n == 0 || chars < CHARS)) {
      chars += events.get(n++).event().data().length();
    }
    size = n < events.size() ? n + 1 : Math.min(LARGEST, 2 * size);
    return List.copyOf(events.subList(0, n));
  }

  /** Reports that events were pruned that the client has not seen. */
  private Frame reset(LogSource.Page part) {
    return shape.control(
        Long.toString(part.pruned()),
        "stream.reset",
        Instant.now(),
        resetData("expired", part.pruned() + 1, part.latest()));
  }

  /** The data of a {@code stream.reset}. */
  static String resetData(String reason, long oldest, long latest) {
    return "{\"reason\":\"%s\",\"oldest\":\"%s\",\"latest\":\"%s\"}"
        .formatted(reason, Long.toString(oldest), Long.toString(latest));
  }
}
