package devfest.studio.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Clock;

/**
 * The rows of reservations. Each call changes one row in a transaction of its own. Needs
 * PostgreSQL. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional(TxType.REQUIRES_NEW)
public class ReservationRows {

  /** Replaces a reservation that has expired, or that this node or a lost node has made. */
  private static final String RESERVE =
      "insert into reservation (name, user_id, holder, node, expires_at)"
          + " values (?1, ?2, ?3, ?4, ?5)"
          + " on conflict (name, user_id) do update"
          + " set holder = excluded.holder, node = excluded.node, expires_at = excluded.expires_at"
          + " where reservation.expires_at < ?6 or reservation.node = excluded.node"
          + " or not exists (select 1 from node where node.id = reservation.node)";

  private static final String OWN = " where name = ?1 and user_id = ?2 and holder = ?3";

  private final EntityManager em;
  private final Clock clock;
  private final Cluster cluster;

  @Inject
  public ReservationRows(EntityManager em, Clock clock, Cluster cluster) {
    this.em = em;
    this.clock = clock;
    this.cluster = cluster;
  }

  boolean reserve(Reservations.Key key) {
    return query(RESERVE, key)
            .setParameter(4, cluster.node())
            .setParameter(5, expiry())
            .setParameter(6, clock.millis())
            .executeUpdate()
        == 1;
  }

  boolean renew(Reservations.Key key) {
    return query("update reservation set expires_at = ?4" + OWN, key)
            .setParameter(4, expiry())
            .executeUpdate()
        == 1;
  }

  boolean release(Reservations.Key key) {
    return query("delete from reservation" + OWN, key).executeUpdate() == 1;
  }

  void prune() {
    em.createNativeQuery("delete from reservation where expires_at < ?1")
        .setParameter(1, clock.millis())
        .executeUpdate();
  }

  private Query query(String sql, Reservations.Key key) {
    return em.createNativeQuery(sql)
        .setParameter(1, key.name())
        .setParameter(2, key.user())
        .setParameter(3, key.holder());
  }

  private long expiry() {
    return clock.millis() + Reservations.LEASE.toMillis();
  }
}
