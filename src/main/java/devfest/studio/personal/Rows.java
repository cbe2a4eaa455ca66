package devfest.studio.personal;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Queries that most holdings need. They run in the caller's transaction. */
public final class Rows {

  private Rows() {}

  /**
   * Counts the entities by user.
   *
   * @param entity the name of an entity with the attribute {@code userId}
   */
  public static Map<String, Long> counts(
      EntityManager em, String entity, Collection<String> users) {
    List<Object[]> rows =
        em.createQuery(
                "select e.userId, count(e) from %s e where e.userId in :users group by e.userId"
                    .formatted(entity),
                Object[].class)
            .setParameter("users", users)
            .getResultList();
    Map<String, Long> counts = new HashMap<>();
    rows.forEach(row -> counts.put((String) row[0], (Long) row[1]));
    return counts;
  }

  /**
   * Finds entities of a user, and locks them in the order of their ids.
   *
   * @param type an entity with the attribute {@code id}
   * @param attribute the attribute with the user's id
   * @param limit the largest number of entities
   */
  public static <T> List<T> locked(
      EntityManager em, Class<T> type, String attribute, String user, int limit) {
    // Not in one query, because H2 does not lock with a limit.
    return em.createQuery(
            "select e.id from %s e where e.%s = :user order by e.id"
                .formatted(type.getSimpleName(), attribute),
            String.class)
        .setParameter("user", user)
        .setMaxResults(limit)
        .getResultStream()
        .map(id -> Optional.ofNullable(em.find(type, id, LockModeType.PESSIMISTIC_WRITE)))
        .flatMap(Optional::stream)
        .toList();
  }
}
