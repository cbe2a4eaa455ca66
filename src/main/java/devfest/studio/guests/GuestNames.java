package devfest.studio.guests;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The names that guests have chosen. Safe for use from many threads. */
@ApplicationScoped
@Transactional
public class GuestNames {

  private final EntityManager em;

  @Inject
  public GuestNames(EntityManager em) {
    this.em = em;
  }

  /** Returns the names by user id, without users who are no guests. */
  public Map<String, String> of(Collection<String> users) {
    Map<String, String> names = new HashMap<>();
    if (!users.isEmpty()) {
      em.createQuery(
              "select g.userId, g.name from Guest g where g.userId in :users", Object[].class)
          .setParameter("users", List.copyOf(users))
          .getResultStream()
          .forEach(row -> names.put((String) row[0], (String) row[1]));
    }
    return names;
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
