package devfest.studio.hub;

import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import java.util.List;

/** The log as subscriptions read it when they have fallen behind. May block. */
@FunctionalInterface
public interface LogSource {

  /** The oldest {@code limit} matching events above the position, oldest first. */
  List<LoggedEvent> read(Filter filter, long after, int limit);
}
