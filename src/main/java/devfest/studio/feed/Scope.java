package devfest.studio.feed;

import devfest.studio.events.Event;
import devfest.studio.security.Caller;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How much of a feed a caller sees. Callers of equal scopes see the same, so their state is read
 * once for all of them.
 */
public sealed interface Scope {

  /** The scope of callers who see everything. */
  Everything EVERYTHING = new Everything();

  /** Whether something of the owner is within the scope; always so for what nobody owns. */
  boolean shows(@Nullable String owner);

  /** The scope of a feed that shows things by their owners. */
  sealed interface Owned extends Scope permits Everything, Own {}

  /** Things of all owners: what an admin sees, or a feed that shows all callers the same. */
  record Everything() implements Owned {

    @Override
    public boolean shows(@Nullable String owner) {
      return true;
    }
  }

  /**
   * What one user owns, and what nobody owns.
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
   * One thing, such as a game or a chat room, which looks the same to all callers who may see it.
   *
   * @param id unique within the feed
   */
  record Thing(String id) implements Scope {

    /**
     * The thing whose channel an event is on; empty for an event on no channel of the feed.
     *
     * @param channel of the feed
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

  /** Everything for an admin, what a user owns otherwise; empty for an anonymous caller. */
  static Optional<Owned> owned(Caller caller) {
    return caller.admin() ? Optional.of(EVERYTHING) : own(caller).map(own -> own);
  }

  /** What the caller owns, for admins too; empty for an anonymous caller. */
  static Optional<Own> own(Caller caller) {
    return Optional.ofNullable(caller.userId()).map(Own::new);
  }
}
