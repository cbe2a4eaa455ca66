package devfest.studio.feed;

import devfest.studio.events.Event;
import java.util.Optional;

/**
 * A feed that sends single events of the log as items. The snapshot of a {@link StateFeed} with
 * items has a position, and its state is sent after the items that it includes.
 */
public interface Items {

  /**
   * The event as an item; empty for an event that the feed does not send. Must not read the
   * database.
   */
  Optional<Feed.Message> item(Event event);
}
