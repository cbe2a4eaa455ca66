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
 * Searches the log for what matches a filter, however rare that is. A search goes part by part, and
 * all callers take turns by parts, so that nobody waits for the whole of another's search. Safe for
 * use from many threads; every call may block.
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
   * The oldest {@code n} matching events above the position, oldest first.
   *
   * @param place whose turns this takes; see {@link devfest.studio.hub.Subscriber#place()}
   */
  public List<LoggedEvent> next(String place, Filter filter, long after, int n) {
    List<LoggedEvent> events = new ArrayList<>();
    long from = after;
    while (events.size() < n && from < Long.MAX_VALUE) {
      long above = from;
      int missing = n - events.size();
      LogReader.Part part = engine.turns().call(place, () -> log.part(filter, above, missing));
      events.addAll(part.events());
      from = part.upTo();
    }
    return events;
  }

  /** The newest {@code n} matching events, oldest first. */
  public List<LoggedEvent> last(String place, Filter filter, int n) {
    return next(place, filter, before(place, filter, n), n);
  }

  /** The position below the newest {@code n} matching events: reading on from it gives them. */
  public long before(String place, Filter filter, int n) {
    long latest = log.bounds().latest();
    List<Long> newest = new ArrayList<>();
    long from = latest;
    while (newest.size() < n && from > 0) {
      long below = from;
      int missing = n - newest.size();
      LogReader.Newest part = engine.turns().call(place, () -> log.newest(filter, below, missing));
      newest.addAll(part.positions());
      from = part.downTo();
    }
    return newest.isEmpty() ? latest : Collections.min(newest) - 1;
  }

  /** The position below the first event that was recorded at the instant or later. */
  public long before(String place, Instant instant) {
    return engine.turns().call(place, () -> log.before(instant));
  }
}
