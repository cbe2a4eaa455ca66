package devfest.studio.photos;

import devfest.studio.jobs.Leases;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Schedules the deletion of blobs in database rows. If the transaction rolls back, the blobs are
 * kept; if the process is killed, no deletion is lost.
 *
 * <p>A deletion adds the keys in its own transaction. A new blob is guarded: before it is written,
 * its key is scheduled for a later deletion, and the transaction that stores the first reference to
 * the blob cancels that. {@link Sweep} deletes the blobs that are due. Safe for use from many
 * threads and nodes.
 */
@ApplicationScoped
@Transactional
public class Discards {

  /**
   * Longer than any request or job takes between writing a blob and storing the row that refers to
   * it.
   */
  private static final Duration GRACE = Duration.ofHours(1);

  private final EntityManager em;
  private final Clock clock;
  private final Leases leases;

  @Inject
  public Discards(EntityManager em, Clock clock, Leases leases) {
    this.em = em;
    this.clock = clock;
    this.leases = leases;
  }

  /**
   * Schedules the deletion of blobs: immediately, or after the commit of the caller's transaction
   * if there is one.
   */
  public void add(List<String> keys) {
    Instant now = clock.instant();
    for (int from = 0; from < keys.size(); from += Discard.MAX_KEYS) {
      int to = Math.min(from + Discard.MAX_KEYS, keys.size());
      em.persist(new Discard(UUID.randomUUID().toString(), keys.subList(from, to), now));
    }
    leases.added(Discard.class);
  }

  /**
   * Schedules the deletion of blobs that are about to be written, in one hour unless {@link #keep}
   * is called before.
   *
   * @param keys at most {@value Discard#MAX_KEYS} keys
   * @return the id of the guard
   */
  @Transactional(TxType.REQUIRES_NEW)
  public String guard(List<String> keys) {
    String id = UUID.randomUUID().toString();
    guard(id, keys);
    return id;
  }

  /**
   * Guards blobs that each attempt at a job writes under the same keys. A guard that exists already
   * lasts for another hour.
   *
   * @param id id of the guard, the same for each attempt
   * @param keys at most {@value Discard#MAX_KEYS} keys
   * @throws IllegalStateException if the deletion has started
   */
  @Transactional(TxType.MANDATORY)
  public void guard(String id, List<String> keys) {
    Instant dueAt = clock.instant().plus(GRACE);
    @Nullable Discard guard = em.find(Discard.class, id, LockModeType.PESSIMISTIC_WRITE);
    if (guard == null) {
      em.persist(new Discard(id, keys, dueAt));
    } else if (guard.lease().attempts() == 0) {
      guard.cover(keys);
      guard.lease().schedule(dueAt);
    } else {
      throw expired();
    }
  }

  /**
   * Keeps the guarded blobs if the caller's transaction commits. An attempt at their deletion
   * counts even if it failed, because it may have deleted some of them.
   *
   * @throws IllegalStateException if the deletion has started
   */
  @Transactional(TxType.MANDATORY)
  public void keep(String guard) {
    int deleted =
        em.createQuery("delete from Discard d where d.id = :id and d.lease.attempts = 0")
            .setParameter("id", guard)
            .executeUpdate();
    if (deleted != 1) {
      throw expired();
    }
  }

  private static IllegalStateException expired() {
    return new IllegalStateException("The guard has expired: the blobs are being deleted");
  }

  /** Deletes the guarded blobs now, unless they were kept. */
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
