package devfest.studio.transformations;

import devfest.studio.events.Changed;
import devfest.studio.personal.Export;
import devfest.studio.personal.Holding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.io.IOException;

/** The daily quotas of a user. */
@ApplicationScoped
class PersonalQuota implements Holding {

  private final EntityManager em;
  private final Quota quota;
  private final Event<Changed> changed;

  @Inject
  PersonalQuota(EntityManager em, Quota quota, Event<Changed> changed) {
    this.em = em;
    this.quota = quota;
    this.changed = changed;
  }

  @Override
  public String name() {
    return "quota";
  }

  @Override
  public void export(String user, Export export) throws IOException {
    export.array("quota.json", quota.days(user).iterator());
  }

  @Override
  @Transactional
  public boolean erase(String user) {
    int erased =
        em.createQuery("delete from QuotaDay q where q.userId = :user")
            .setParameter("user", user)
            .executeUpdate();
    if (erased > 0) {
      changed.fire(new Changed("quota", user));
    }
    return erased > 0;
  }
}
