package devfest.studio.events;

/** The ids under which others see users. Implementations are safe for use from many threads. */
@FunctionalInterface
public interface Pseudonyms {

  /** Returns the public id of a user: the user id itself, unless that is private. Stable. */
  String of(String user);

  /** Returns the id that readers of something with this visibility see. */
  default String of(String user, Visibility visibility) {
    return visibility == Visibility.PUBLIC ? of(user) : user;
  }
}
