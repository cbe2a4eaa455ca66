package devfest.studio.feed;

import java.util.List;

/**
 * A feed of items, of which each one counts. Each item is an event of the log, sent in the log's
 * order with its position as id, so a client that was offline resumes exactly where it left off.
 */
public interface LogFeed<S extends Scope> extends Feed<S>, Items {

  /**
   * What its channel of {@code /stream} begins with, for a page that shows the past too. Not sent
   * on the feed's own stream.
   */
  default List<Message> recent(S scope) {
    return List.of();
  }
}
