package devfest.studio.feed;

import devfest.studio.events.Event;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A feed of a state, of which only the newest counts. A client first gets a snapshot, then the
 * state after changes, at most {@value FeedGroups#PER_SECOND} times per second. The state is read
 * once for all clients of one scope.
 */
public interface StateFeed<S extends Scope> extends Feed<S> {

  /**
   * The first messages of a client.
   *
   * @param position the items up to this position are included; null for a feed without {@link
   *     Items}
   */
  record Snapshot(List<Message> messages, @Nullable Long position) {

    /** The snapshot of a feed without items. */
    public static Snapshot of(Message... messages) {
      return new Snapshot(List.of(messages), null);
    }
  }

  /** The present state; empty if there is no longer anything to show. */
  List<Message> state(S scope);

  /** The first messages of a client; by default the state. */
  default Snapshot snapshot(S scope) {
    return new Snapshot(state(scope), null);
  }

  /**
   * The scopes whose state the event changes; empty if it changes none. Called for every event of
   * the log, so it must not read the database. A change without an event is signalled by {@link
   * devfest.studio.events.Changed}.
   */
  Optional<Predicate<Scope>> changes(Event event);
}
