package devfest.studio.feed;

import devfest.studio.events.Event;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A feed of a state, of which the newest counts. A client gets a snapshot when it begins, and the
 * state again after changes, at most {@value FeedGroups#PER_SECOND} times per second. The state is
 * read once for all clients of one scope.
 */
public interface StateFeed<S extends Scope> extends Feed<S> {

  /**
   * What a client gets first.
   *
   * @param position up to which the log's items are included; null for a feed without {@link Items}
   */
  record Snapshot(List<Message> messages, @Nullable Long position) {

    /** The snapshot of a feed without items. */
    public static Snapshot of(Message... messages) {
      return new Snapshot(List.of(messages), null);
    }
  }

  /** The present state. Empty when there is nothing to show any more. */
  List<Message> state(S scope);

  /** What a client gets first: the state, unless the first messages have other names or data. */
  default Snapshot snapshot(S scope) {
    return new Snapshot(state(scope), null);
  }

  /**
   * The scopes whose state changes with an event of the log; empty when it changes none. Called for
   * every event of the log, so it must not read the database. A change without an event is fired as
   * {@link devfest.studio.events.Changed}.
   */
  Optional<Predicate<Scope>> changes(Event event);
}
