package devfest.studio.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The users that the studio knows: those who were here with a valid token. There is no other list
 * of them, as tokens come from elsewhere. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
public class People {

  /** Bounds memory to some megabytes; beyond it users are looked up again. */
  private static final int MAX_REMEMBERED = 100_000;

  /** Those that are in the database for certain, so that a user's next call costs nothing. */
  private final Set<String> remembered = ConcurrentHashMap.newKeySet();

  private final EntityManager em;

  @Inject
  People(EntityManager em) {
    this.em = em;
  }

  /** Whether {@link #note} need not be called for the user. Touches memory only. */
  @Transactional(Transactional.TxType.SUPPORTS)
  public boolean remembers(String user) {
    return remembered.contains(user);
  }

  /**
   * Notes that the user was here.
   *
   * @throws RuntimeException when the database is away, or another call was faster: the user's next
   *     call may note it
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

  /** Whether the user was here, at any time and on any node. */
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
