package devfest.studio.transformations;

import devfest.studio.events.Visibility;
import devfest.studio.http.Cursor;
import devfest.studio.http.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Queries for transformations. Safe for use from many threads. */
@ApplicationScoped
@Transactional
public class Gallery {

  private final EntityManager em;

  @Inject
  Gallery(EntityManager em) {
    this.em = em;
  }

  Optional<Transformation> find(String id) {
    return Ids.possible(id)
        ? Optional.ofNullable(em.find(Transformation.class, id))
        : Optional.empty();
  }

  /** Returns the number of completed transformations of the user per style id. */
  public Map<String, Long> countByStyle(String userId) {
    Map<String, Long> counts = new TreeMap<>();
    em.createQuery(
            "select t.styleId, count(t) from Transformation t where t.userId = :user"
                + " and t.status = :completed group by t.styleId",
            Object[].class)
        .setParameter("user", userId)
        .setParameter("completed", Status.COMPLETED)
        .getResultStream()
        .forEach(row -> counts.put((String) row[0], (Long) row[1]));
    return counts;
  }

  /** Returns the user's transformations, newest first. */
  List<Transformation> newest(String userId, Cursor after, int limit) {
    return em.createQuery(
            "select t from Transformation t where t.userId = :userId"
                + " and (t.createdAt < :at or (t.createdAt = :at and t.id < :id))"
                + " order by t.createdAt desc, t.id desc",
            Transformation.class)
        .setParameter("userId", userId)
        .setParameter("at", after.at())
        .setParameter("id", after.id())
        .setMaxResults(limit)
        .getResultList();
  }

  /**
   * Returns the transformations that a viewer may see, newest first.
   *
   * @param userId the viewer; null if anonymous
   * @param all whether the viewer sees the transformations of all users
   */
  List<Transformation> recent(@Nullable String userId, boolean all, int limit) {
    return em.createQuery(
            "select t from Transformation t"
                + " where t.visibility = :public or t.userId = :userId or :all = true"
                + " order by t.createdAt desc, t.id desc",
            Transformation.class)
        .setParameter("public", Visibility.PUBLIC)
        .setParameter("userId", userId == null ? "" : userId)
        .setParameter("all", all)
        .setMaxResults(limit)
        .getResultList();
  }
}
