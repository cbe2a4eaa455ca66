package devfest.studio.audit;

import devfest.studio.http.Cursor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The rows of the audit trail. A row is inserted in a transaction of its own, so that it remains if
 * the caller's is rolled back. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
class AuditRows {

  private final EntityManager em;

  @Inject
  AuditRows(EntityManager em) {
    this.em = em;
  }

  @Transactional(TxType.REQUIRES_NEW)
  void add(AuditRow row) {
    em.persist(row);
  }

  /** Adds repetitions to rows, as far as they still exist. */
  @Transactional(TxType.REQUIRES_NEW)
  void count(List<Repeats.Counted> repeated) {
    for (Repeats.Counted each : repeated) {
      int ignored =
          em.createQuery("update AuditRow a set a.times = a.times + :more where a.id = :id")
              .setParameter("more", each.more())
              .setParameter("id", each.id())
              .executeUpdate();
    }
  }

  List<AuditRow> page(Optional<String> user, Optional<Action> action, Cursor after, int limit) {
    String filters =
        (user.isPresent() ? " and a.userId = :user" : "")
            + (action.isPresent() ? " and a.action = :action" : "");
    TypedQuery<AuditRow> query =
        after.bind(
            em.createQuery(
                "select a from AuditRow a where "
                    + Cursor.condition("a.recordedAt", "a.id")
                    + filters
                    + " order by a.recordedAt desc, a.id desc",
                AuditRow.class));
    user.ifPresent(id -> query.setParameter("user", id));
    action.ifPresent(it -> query.setParameter("action", it.toString()));
    return query.setMaxResults(limit).getResultList();
  }

  /**
   * Replaces a user id, also in the paths of refused calls, and removes the addresses that the user
   * had.
   *
   * @return the number of changed rows
   */
  int erase(String userId, String by) {
    int changed =
        em.createQuery(
                "update AuditRow a set a.userId = :by, a.address = null where a.userId = :user")
            .setParameter("by", by)
            .setParameter("user", userId)
            .executeUpdate();
    changed +=
        em.createQuery(
                "update AuditRow a set a.target = :by"
                    + " where a.target = :user or a.action = :call and locate(:path, a.target) > 0")
            .setParameter("by", by)
            .setParameter("user", userId)
            .setParameter("call", Action.CALL.toString())
            .setParameter("path", "/users/" + userId)
            .executeUpdate();
    return changed;
  }

  void prune(Instant before) {
    em.createQuery("delete from AuditRow a where a.recordedAt < :before")
        .setParameter("before", before)
        .executeUpdate();
  }
}
