package devfest.studio.hub;

import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import java.util.List;

/** The log as subscriptions read it when they have fallen behind. May block. */
@FunctionalInterface
public interface LogSource {

  /**
   * A part of the log.
   *
   * @param events the oldest {@code limit} matching events above the position, oldest first; fewer
   *     where they are so rare that looking further would take long
   * @param upTo what matches up to here is among the events, unless they are {@code limit}
   * @param pruned events up to here may have been missing when they were read
   * @param latest the newest position at that time
   */
  record Page(List<LoggedEvent> events, long upTo, long pruned, long latest) {}

  /** Reads the next part above the position. */
  Page read(Filter filter, long after, int limit);
}
