package devfest.studio.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The users who have made a request with a valid token. The studio has no other list of users,
 * because other systems issue the tokens. Thread-safe, also across nodes.
 */
@ApplicationScoped
@Transactional
public class People {

  /**
   * Limits the memory to a few megabytes; above it, the set is cleared and users are looked up
   * again.
   */
  private static final int MAX_REMEMBERED = 100_000;

  /** Users known to be in the database, so that further requests need no query. */
  private final Set<String> remembered = ConcurrentHashMap.newKeySet();

  private final EntityManager em;

  @Inject
  People(EntityManager em) {
    this.em = em;
  }

  /** Whether the user is already recorded. False does not exclude it: only memory is checked. */
  @Transactional(Transactional.TxType.SUPPORTS)
  public boolean remembers(String user) {
    return remembered.contains(user);
  }

  /**
   * Records the user.
   *
   * @throws RuntimeException if the database is not available or a concurrent call has inserted the
   *     user; the caller may ignore it, as the user's next request tries again
   */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  public void note(String user) {
    if (isStored(user)) {
      if (remembered.size() >= MAX_REMEMBERED) {
        remembered.clear();
      }
      remembered.add(user);
    } else {
      em.createNativeQuery("insert into person (user_id) values (?1)")
          .setParameter(1, user)
          .executeUpdate();
    }
  }

  /** Whether the user has ever made a request, on any node. */
  public boolean knows(String user) {
    return remembered.contains(user) || isStored(user);
  }

  private boolean isStored(String user) {
    return !em.createNativeQuery("select user_id from person where user_id = ?1")
        .setParameter(1, user)
        .getResultList()
        .isEmpty();
  }
}
