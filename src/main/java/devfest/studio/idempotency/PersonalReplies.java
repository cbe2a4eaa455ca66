package devfest.studio.idempotency;

import devfest.studio.personal.Holding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;

/** The stored replies to a user's requests. */
@ApplicationScoped
class PersonalReplies implements Holding {

  private final EntityManager em;

  @Inject
  PersonalReplies(EntityManager em) {
    this.em = em;
  }

  @Override
  public String name() {
    return "replies";
  }

  @Override
  @Transactional
  public boolean erase(String user) {
    return em.createQuery("delete from KnownReply r where r.userId = :user")
            .setParameter("user", user)
            .executeUpdate()
        > 0;
  }
}
