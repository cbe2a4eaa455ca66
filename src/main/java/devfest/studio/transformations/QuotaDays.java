package devfest.studio.transformations;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

/** Opens days, in a transaction of its own: when another was faster, only that one fails. */
@ApplicationScoped
class QuotaDays {

  @Inject private EntityManager em;

  /**
   * @throws RuntimeException when the day has been opened at the same moment
   */
  @Transactional(TxType.REQUIRES_NEW)
  void open(String userId, long day) {
    if (em.find(QuotaDay.class, new QuotaDay.Key(userId, day)) == null) {
      em.persist(new QuotaDay(userId, day));
    }
  }
}
