package devfest.studio.app.storage;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.io.IOException;
import java.util.Optional;

/**
 * The marker in the database, which identifies the blob store of all its nodes. Safe for use from
 * many threads and nodes.
 */
@ApplicationScoped
@Transactional(TxType.REQUIRES_NEW)
class Marker {

  /** Finds or creates the marker in the store. */
  @FunctionalInterface
  interface Creation {
    String call() throws IOException;
  }

  private static final String SELECT = "select marker from blob_store where id = 1";

  private final EntityManager em;

  @Inject
  Marker(EntityManager em) {
    this.em = em;
  }

  /**
   * Returns the marker. If it is not set, sets it to that of the caller's store while all other
   * nodes wait for the row, so that one of them decides.
   */
  String get(Creation creation) throws IOException {
    Optional<String> set = select(SELECT);
    if (set.isPresent()) {
      return set.get();
    }
    set = select(SELECT + " for update");
    if (set.isPresent()) {
      return set.get();
    }
    String created = creation.call();
    int ignored =
        em.createNativeQuery("update blob_store set marker = ?1 where id = 1")
            .setParameter(1, created)
            .executeUpdate();
    return created;
  }

  private Optional<String> select(String query) {
    return Optional.ofNullable((String) em.createNativeQuery(query).getSingleResult());
  }
}
