package devfest.studio.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.io.IOException;
import java.util.Optional;

/** Values in the database that all nodes share. Safe for use from many threads and nodes. */
@ApplicationScoped
@Transactional(TxType.REQUIRES_NEW)
public class SharedKeys {

  /** Creates a value of at most 200 characters. */
  @FunctionalInterface
  public interface Creation {
    String call() throws IOException;
  }

  private static final String SELECT = "select content from shared_key where name = ?1";

  private final EntityManager em;

  @Inject
  SharedKeys(EntityManager em) {
    this.em = em;
  }

  /**
   * Returns a value. If it is not set, creates it while all other nodes wait for the row, so that
   * one of them decides.
   *
   * @param name a row of the table
   */
  public String get(String name, Creation creation) throws IOException {
    Optional<String> set = select(SELECT, name);
    if (set.isPresent()) {
      return set.get();
    }
    set = select(SELECT + " for update", name);
    if (set.isPresent()) {
      return set.get();
    }
    String created = creation.call();
    int ignored =
        em.createNativeQuery("update shared_key set content = ?1 where name = ?2")
            .setParameter(1, created)
            .setParameter(2, name)
            .executeUpdate();
    return created;
  }

  private Optional<String> select(String query, String name) {
    return Optional.ofNullable(
        (String) em.createNativeQuery(query).setParameter(1, name).getSingleResult());
  }
}
