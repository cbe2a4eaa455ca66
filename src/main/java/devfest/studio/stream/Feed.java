package devfest.studio.stream;

import devfest.studio.events.Event;
import devfest.studio.security.Caller;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A part of the studio to be followed: the whole of it first, then what changes. A bean of this
 * type has its own stream through {@link Feeds#open} and is in a channel of {@code /stream}.
 * Methods are called from many threads, and may read the database.
 *
 * <p>What changes is either <em>state</em>, of which the newest counts and at most {@value
 * Feeds#PER_SECOND} a second are sent, or an <em>item</em>, of which each is sent, in the log's
 * order and with its position.
 */
public interface Feed {

  /** What the feed sends under one name. */
  record Message(String name, Object data) {}

  /**
   * The whole.
   *
   * @param position up to which the log's items are in it; null for a feed without items
   */
  record Snapshot(List<Message> messages, Long position) {}

  /** The view of those who see everything: what no user can be called. */
  String ALL = "\n";

  /** Its name among the channels of {@code /stream}; several feeds may share one. */
  String channel();

  /** Whether the caller may follow it. */
  default boolean admits(Caller caller) {
    return !caller.anonymous();
  }

  /** Callers of one view see the same: usually the user's own id, or {@link #ALL} for an admin. */
  default String view(Caller caller) {
    return caller.admin() ? ALL : caller.userId();
  }

  /** What a reader gets first. */
  Snapshot snapshot(String view);

  /** The present state, after a change. */
  List<Message> state(String view);

  /** Which views look different after the event of the log; empty for none. */
  Optional<Predicate<String>> changes(Event event);

  /** The views in which something of the owner shows; all where it belongs to nobody. */
  static Predicate<String> viewsOf(String owner) {
    return view -> owner == null || view.equals(owner) || view.equals(ALL);
  }

  /** The event as an item; empty when it is none. */
  default Optional<Message> item(Event event) {
    return Optional.empty();
  }
}
