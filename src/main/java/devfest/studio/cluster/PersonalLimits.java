package devfest.studio.cluster;

import devfest.studio.personal.Holding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.List;

/**
 * The rows by which a user's actions are limited on all nodes. Each node keeps its own limits in
 * memory.
 */
@ApplicationScoped
class PersonalLimits implements Holding {

  private final EntityManager em;

  @Inject
  PersonalLimits(EntityManager em) {
    this.em = em;
  }

  @Override
  public String name() {
    return "limits";
  }

  @Override
  @Transactional
  public boolean erase(String user) {
    int erased = 0;
    for (String table : List.of("rate", "reservation")) {
      erased +=
          em.createNativeQuery("delete from " + table + " where user_id = ?1")
              .setParameter(1, user)
              .executeUpdate();
    }
    return erased > 0;
  }
}
