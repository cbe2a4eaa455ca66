package devfest.studio.stream;

import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.log.LogReader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Searches the log for events that match a filter, even if they are rare. A search proceeds part by
 * part, and callers take turns by part, so that no caller waits for another caller's entire search.
 * Safe for use from many threads; every method may block.
 */
@ApplicationScoped
public class Scans {

  private final StreamEngine engine;
  private final LogReader log;

  @Inject
  Scans(StreamEngine engine, LogReader log) {
    this.engine = engine;
    this.log = log;
  }

  /**
   * Returns the oldest {@code n} matching events above the position, oldest first.
   *
   * @param quotaKey the caller's key for turns; see {@link
   *     devfest.studio.hub.Subscriber#quotaKey()}
   */
  public List<LoggedEvent> next(String quotaKey, Filter filter, long after, int n) {
    List<LoggedEvent> events = new ArrayList<>();
    long from = after;
    while (events.size() < n && from < Long.MAX_VALUE) {
      long above = from;
      int missing = n - events.size();
      LogReader.Part part = engine.turns().call(quotaKey, () -> log.part(filter, above, missing));
      events.addAll(part.events());
      from = part.upTo();
    }
    return events;
  }

  /** Returns the newest {@code n} matching events, oldest first. */
  public List<LoggedEvent> last(String quotaKey, Filter filter, int n) {
    return next(quotaKey, filter, before(quotaKey, filter, n), n);
  }

  /** The position below the newest {@code n} matching events. */
  public long before(String quotaKey, Filter filter, int n) {
    long latest = log.bounds().latest();
    List<Long> newest = new ArrayList<>();
    long from = latest;
    while (newest.size() < n && from > 0) {
      long below = from;
      int missing = n - newest.size();
      LogReader.Newest part =
          engine.turns().call(quotaKey, () -> log.newest(filter, below, missing));
      newest.addAll(part.positions());
      from = part.downTo();
    }
    return newest.isEmpty() ? latest : Collections.min(newest) - 1;
  }

  /** The position below the first event that was recorded at or after the instant. */
  public long before(String quotaKey, Instant instant) {
    return engine.turns().call(quotaKey, () -> log.before(instant));
  }
}
