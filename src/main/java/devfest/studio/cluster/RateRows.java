package devfest.studio.cluster;

import devfest.studio.http.Limit;
import devfest.studio.settings.Frequency;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * The token buckets that the nodes share. Each call changes one row in a transaction of its own, so
 * it neither waits for locks of the caller nor holds any. Needs PostgreSQL. Safe for use from many
 * threads and nodes.
 */
@ApplicationScoped
@Transactional(TxType.REQUIRES_NEW)
class RateRows {

  /** Changes the row only if the actions are allowed; creates it if it does not exist. */
  private static final String TAKE =
      "insert into rate (code, user_id, full_at) values (?1, ?2, ?3)"
          + " on conflict (code, user_id)"
          + " do update set full_at = greatest(rate.full_at, ?4) + ?5"
          + " where greatest(rate.full_at, ?4) <= ?6";

  private final EntityManager em;
  private final Clock clock;

  @Inject
  RateRows(EntityManager em, Clock clock) {
    this.em = em;
    this.clock = clock;
  }

  /**
   * The count of the actions of a user or an address on all nodes.
   *
   * @param debt time until the bucket is full
   * @param refused the time to wait if the actions are not allowed, else empty
   */
  record Count(Duration debt, Optional<Duration> refused) {}

  /**
   * Counts actions if all of them are allowed.
   *
   * @param key the user or address
   * @param actions their number, at most the maximum
   */
  Count take(Limit limit, Frequency frequency, String key, int actions) {
    long now = clock.millis();
    long period = frequency.period().toMillis();
    long cost = Math.max(1, period * actions / frequency.most());
    long latest = now + period - cost;
    boolean taken =
        em.createNativeQuery(TAKE)
                .setParameter(1, limit.name())
                .setParameter(2, key)
                .setParameter(3, now + cost)
                .setParameter(4, now)
                .setParameter(5, cost)
                .setParameter(6, latest)
                .executeUpdate()
            == 1;
    long fullAt =
        ((Number)
                em.createNativeQuery("select full_at from rate where code = ?1 and user_id = ?2")
                    .setParameter(1, limit.name())
                    .setParameter(2, key)
                    .getSingleResult())
            .longValue();
    return new Count(
        Duration.ofMillis(fullAt - now),
        taken ? Optional.empty() : Optional.of(Duration.ofMillis(Math.max(1, fullAt - latest))));
  }

  /** Deletes the rows of full buckets. */
  void prune() {
    em.createNativeQuery("delete from rate where full_at < ?1")
        .setParameter(1, clock.millis())
        .executeUpdate();
  }
}
