package devfest.studio.feed;

import devfest.studio.events.Event;
import devfest.studio.security.Caller;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A part of the studio to be followed: the whole of it first, then what changes. A bean of this
 * type has its own stream through {@link Feeds#open} and is in a channel of {@code /stream}.
 * Methods are called from many threads, and may read the database.
 *
 * <p>What changes is either <em>state</em>, of which the newest counts and at most {@value
 * FeedGroups#PER_SECOND} a second are sent, or an <em>item</em>, of which each is sent, in the
 * log's order and with its position.
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

  /**
   * Whether there is one for each of many things, such as the games: its channels are then {@code
   * channel()/id}.
   */
  default boolean ofMany() {
    return false;
  }

  /** Of a feed of many: those that the caller follows without naming them. */
  default List<String> ids(Caller caller) {
    return List.of();
  }

  /**
   * What of it the caller sees: callers of one view see the same. Empty when the caller may not
   * follow it, or when there is no such thing.
   *
   * @param id of the thing, for a feed of many; else null
   */
  default Optional<String> view(Caller caller, String id) {
    return own(caller);
  }

  /** The view of a user, who sees what is his; {@link #ALL} for an admin. */
  static Optional<String> own(Caller caller) {
    return caller.admin() ? Optional.of(ALL) : Optional.ofNullable(caller.userId());
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

  /** Whether the state tells of items, too: it then comes after them, or they would seem newer. */
  default boolean tellsOfItems() {
    return false;
  }

  /** After how long the state is told again, though no event says that it changed. */
  default Optional<Duration> pulse(String view) {
    return Optional.empty();
  }

  /**
   * The id of the last frame, once nothing will change any more: whoever follows gets the state
   * under it, and the stream ends. One who comes back with it has seen everything.
   */
  default Optional<String> end(String view) {
    return Optional.empty();
  }

  /** Whether its own stream names its messages. */
  default boolean named() {
    return true;
  }

  /**
   * Whether it is its items that count: its own stream then goes on where its reader was, and has
   * no state.
   */
  default boolean resumes() {
    return false;
  }

  /** Of one that resumes: how many items come first to who does not. */
  default int recalls() {
    return 0;
  }

  /** Of one that resumes: the types of the log's events that count as those; empty for all. */
  default List<String> recalled() {
    return List.of();
  }

  /** Of one that resumes: whether its own stream begins with {@code connected}. */
  default boolean greets() {
    return true;
  }

  /** Whether it tells who follows it: connections are then looked after more often. */
  default boolean tellsOfReaders() {
    return false;
  }

  /** Somebody follows it from now on, by one connection. */
  default void joined(Caller caller, String view) {}

  /** A connection by which somebody followed it has ended. */
  default void left(Caller caller, String view) {}
}
