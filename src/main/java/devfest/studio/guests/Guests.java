package devfest.studio.guests;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;

/** The guests of all passes. Safe for use from many threads. */
@ApplicationScoped
@Transactional
public class Guests {

  private final EntityManager em;

  @Inject
  public Guests(EntityManager em) {
    this.em = em;
  }

  /** Returns the number of guests who joined from an instant until before another. */
  public long joined(Instant from, Instant until) {
    return em.createQuery(
            "select count(g) from Guest g where g.joinedAt >= :from and g.joinedAt < :until",
            Long.class)
        .setParameter("from", from)
        .setParameter("until", until)
        .getSingleResult();
  }
}
