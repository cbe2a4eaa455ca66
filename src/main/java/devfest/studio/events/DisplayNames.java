package devfest.studio.events;

import java.util.Collection;

/**
 * The names under which others see users; never e-mail addresses. Implementations are safe for use
 * from many threads.
 */
@FunctionalInterface
public interface DisplayNames {

  /** Returns the name of a user: the one that the user has given, else a short form of the id. */
  String of(String user);

  /** Loads the names of users together, before each is asked for. */
  default void load(Collection<String> users) {}
}
