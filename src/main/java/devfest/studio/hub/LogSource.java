package devfest.studio.hub;

import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import java.util.List;

/** Reads the log for subscriptions that are behind the ring. May block. */
@FunctionalInterface
public interface LogSource {

  /**
   * A part of the log.
   *
   * @param events the oldest {@code limit} matching events above the position, oldest first; fewer
   *     if matching events are so rare that the search would take long
   * @param upTo every matching event up to here is in {@code events}, or was pruned
   * @param pruned events up to here may be missing, because they were pruned
   * @param latest the newest position at that time
   */
  record Page(List<LoggedEvent> events, long upTo, long pruned, long latest) {}

  /** Reads the next part above the position. */
  Page read(Filter filter, long after, int limit);
}
