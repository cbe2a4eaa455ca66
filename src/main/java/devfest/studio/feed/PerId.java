package devfest.studio.feed;

import devfest.studio.security.Caller;
import java.util.List;
import java.util.Optional;

/**
 * A feed of many things of one kind, such as games. Each thing has a channel of its own: {@code
 * channel()/id}.
 */
public interface PerId<S extends Scope> extends Feed<S> {

  /**
   * How much of the thing the caller sees; empty when there is no such thing, or when the caller
   * may not follow it.
   */
  Optional<S> scope(Caller caller, String id);

  /** The things that the caller follows on {@code /stream} when it names no channel. */
  default List<String> ids(Caller caller) {
    return List.of();
  }

  /** Nobody follows the feed without an id. */
  @Override
  default Optional<S> scope(Caller caller) {
    return Optional.empty();
  }
}
