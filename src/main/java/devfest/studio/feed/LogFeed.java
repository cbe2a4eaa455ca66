package devfest.studio.feed;

import java.util.List;

/**
 * A feed of items, each of which counts. Each item is an event of the log, sent in log order with
 * its position as id, so a client that was offline resumes exactly where it left off.
 */
public interface LogFeed<S extends Scope> extends Feed<S>, Items {

  /**
   * Messages with which its channel begins on {@code /stream}, for pages that also show past items.
   * Not sent on the feed's own stream.
   */
  default List<Message> recent(S scope) {
    return List.of();
  }
}
