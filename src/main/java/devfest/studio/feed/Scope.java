package devfest.studio.feed;

import devfest.studio.events.Event;
import devfest.studio.security.Caller;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The part of a feed that a caller sees. Callers with equal scopes see the same, so the state is
 * read once for all of them.
 */
public sealed interface Scope {

  /** The scope of callers that see everything. */
  Everything EVERYTHING = new Everything();

  /**
   * Whether things of the owner are within the scope.
   *
   * @param owner null for things without an owner, which every scope shows
   */
  boolean shows(@Nullable String owner);

  /** The scope of a feed that shows things by their owners. */
  sealed interface Owned extends Scope permits Everything, Own {}

  /** Things of all owners: for admins, or for a feed that shows the same to all callers. */
  record Everything() implements Owned {

    @Override
    public boolean shows(@Nullable String owner) {
      return true;
    }
  }

  /**
   * Things of one user, and things without an owner.
   *
   * @param user the user's id
   */
  record Own(String user) implements Owned {

    @Override
    public boolean shows(@Nullable String owner) {
      return owner == null || owner.equals(user);
    }
  }

  /**
   * One thing, such as a game or a chat room, which is the same for all callers that may see it.
   *
   * @param id unique within the feed
   */
  record Thing(String id) implements Scope {

    /**
     * The thing whose channel an event is on; empty for an event on no channel of the feed.
     *
     * @param channel the channel of the feed
     */
    public static Optional<Predicate<Scope>> on(String channel, Event event) {
      String prefix = channel + '/';
      return event.channel().startsWith(prefix)
          ? Optional.of(Predicate.isEqual(new Thing(event.channel().substring(prefix.length()))))
          : Optional.empty();
    }

    @Override
    public boolean shows(@Nullable String owner) {
      return owner == null;
    }
  }

  /** Everything for an admin, otherwise the caller's own things; empty for an anonymous caller. */
  static Optional<Owned> owned(Caller caller) {
    return caller.admin() ? Optional.of(EVERYTHING) : own(caller).map(own -> own);
  }

  /** The caller's own things, even for an admin; empty for an anonymous caller. */
  static Optional<Own> own(Caller caller) {
    return Optional.ofNullable(caller.userId()).map(Own::new);
  }
}
