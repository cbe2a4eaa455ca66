package devfest.studio.photos;

import devfest.studio.jobs.Leases;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Which blobs are to be deleted, as rows: a rollback keeps the blobs, and a kill forgets none.
 *
 * <p>A deletion adds its keys to the deleting transaction. A new blob is guarded: its keys are
 * added before it is written, for later, and the transaction that first refers to it takes them
 * back. {@link Sweep} deletes what is due. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
public class Discards {

  /** Longer than a blob takes from its writing to the row that refers to it. */
  private static final Duration LATER = Duration.ofHours(1);

  private final EntityManager em;
  private final Clock clock;
  private final Leases leases;

  @Inject
  public Discards(EntityManager em, Clock clock, Leases leases) {
    this.em = em;
    this.clock = clock;
    this.leases = leases;
  }

  /** Has the blobs deleted, once the caller's transaction has committed if there is one. */
  public void add(List<String> keys) {
    add(keys, clock.instant());
    leases.added(Discard.class);
  }

  /** Has blobs deleted that a worker may still write: in an hour, when it has certainly ended. */
  @Transactional(TxType.MANDATORY)
  public void addLater(List<String> keys) {
    add(keys, clock.instant().plus(LATER));
  }

  private void add(List<String> keys, Instant dueAt) {
    for (int from = 0; from < keys.size(); from += Discard.MOST) {
      int to = Math.min(from + Discard.MOST, keys.size());
      em.persist(new Discard(keys.subList(from, to), dueAt));
    }
  }

  /**
   * Has blobs deleted in an hour that are about to be written, unless they are kept until then.
   *
   * @param keys at most 50
   * @return the guard
   */
  @Transactional(TxType.REQUIRES_NEW)
  public String guard(List<String> keys) {
    Discard guard = new Discard(keys, clock.instant().plus(LATER));
    em.persist(guard);
    return guard.id();
  }

  /**
   * Keeps the guarded blobs when the caller's transaction commits.
   *
   * @throws IllegalStateException when the hour is over
   */
  @Transactional(TxType.MANDATORY)
  public void keep(String guard) {
    int kept =
        em.createQuery("delete from Discard d where d.id = :id and d.lease.claim is null")
            .setParameter("id", guard)
            .executeUpdate();
    if (kept != 1) {
      throw new IllegalStateException("What was written took too long to be referred to");
    }
  }

  /** Has the guarded blobs deleted now, unless they are kept. */
  @Transactional(TxType.REQUIRES_NEW)
  public void expire(String guard) {
    int expired =
        em.createQuery("update Discard d set d.lease.dueAt = :now where d.id = :id")
            .setParameter("now", clock.instant())
            .setParameter("id", guard)
            .executeUpdate();
    if (expired > 0) {
      leases.added(Discard.class);
    }
  }

  void remove(String id) {
    int ignored =
        em.createQuery("delete from Discard d where d.id = :id")
            .setParameter("id", id)
            .executeUpdate();
  }
}
