package devfest.studio.feed;

import devfest.studio.events.Event;
import java.util.Optional;

/**
 * A feed that sends single events of the log. A {@link StateFeed} that does so also gives the
 * position of its snapshot; its state is sent after the items that it includes.
 */
public interface Items {

  /** The event as an item; empty for an event that is none. Must not read the database. */
  Optional<Feed.Message> item(Event event);
}
