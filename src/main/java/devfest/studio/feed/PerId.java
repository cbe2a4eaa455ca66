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
   * The part of the thing that the caller sees; empty if the thing does not exist, or if the caller
   * may not follow it.
   */
  Optional<S> scope(Caller caller, String id);

  /** The ids that the caller follows on {@code /stream} by default. */
  default List<String> ids(Caller caller) {
    return List.of();
  }

  /** Empty: the feed cannot be followed without an id. */
  @Override
  default Optional<S> scope(Caller caller) {
    return Optional.empty();
  }
}
