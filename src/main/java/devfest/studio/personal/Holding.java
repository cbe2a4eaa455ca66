package devfest.studio.personal;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;

/**
 * What one part of the studio holds of its users. Every CDI bean of this type takes part in the
 * list of users, in exports and in erasures. Implementations are safe for use from many threads and
 * nodes.
 */
public interface Holding {

  /** The name in the list of users, for example {@code photos}. Unique. */
  String name();

  /**
   * Returns the number of things of each user; users without any may be missing. Empty for what is
   * not worth a count.
   */
  default Map<String, Long> counts(Collection<String> users) {
    return Map.of();
  }

  /** Adds the things of the user to an export. Reads them in pages, so memory is bounded. */
  default void export(String user, Export export) throws IOException {}

  /**
   * Cancels work of the user that has not ended, or erases things whose erasure open pages have to
   * notice, in one short transaction. Called repeatedly before anything else is erased, until it
   * returns false.
   *
   * @return whether it has done anything
   */
  default boolean withdraw(String user) {
    return false;
  }

  /**
   * Erases a bounded number of things of the user, in one short transaction. Called repeatedly
   * until every holding returns false, also after a crash, so no call depends on an earlier one.
   *
   * @return whether it has erased anything
   */
  boolean erase(String user);
}
