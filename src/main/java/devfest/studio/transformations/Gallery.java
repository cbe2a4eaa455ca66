package devfest.studio.transformations;

import devfest.studio.events.Visibility;
import devfest.studio.http.Cursor;
import devfest.studio.http.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
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

  /** What a viewer sees on a wall. {@link #seenBy} sets the parameters. */
  private static final String SEEN =
      "t.display <> :hidden and ((t.visibility = :public and t.display = :shown)"
          + " or t.userId = :userId or :all = true)";

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

  /** A result that whoever has its link may see. */
  public record Shared(String transformationId, String photoId, String styleId) {}

  /** Returns a result; empty if it is hidden, not completed or does not exist. */
  public Optional<Shared> shared(String id) {
    return find(id)
        .filter(found -> found.status() == Status.COMPLETED && found.display() != Display.HIDDEN)
        .map(found -> new Shared(found.id(), found.photoId(), found.styleId()));
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
    return after
        .bind(
            em.createQuery(
                "select t from Transformation t where t.userId = :userId and "
                    + Cursor.condition("t.createdAt", "t.id")
                    + " order by t.createdAt desc, t.id desc",
                Transformation.class))
        .setParameter("userId", userId)
        .setMaxResults(limit)
        .getResultList();
  }

  /** Returns the user's pictures, the newest first. */
  public List<Transformation> completed(String userId, Cursor after, int limit) {
    return after
        .bind(
            em.createQuery(
                "select t from Transformation t where t.userId = :userId"
                    + " and t.status = :completed and "
                    + Cursor.condition("t.createdAt", "t.id")
                    + " order by t.createdAt desc, t.id desc",
                Transformation.class))
        .setParameter("userId", userId)
        .setParameter("completed", Status.COMPLETED)
        .setMaxResults(limit)
        .getResultList();
  }

  /** Returns the id of a transformation of the user that has not ended; empty if all have. */
  Optional<String> open(String userId) {
    return em.createQuery(
            "select t.id from Transformation t where t.userId = :userId and t.status in :open"
                + " order by t.createdAt",
            String.class)
        .setParameter("userId", userId)
        .setParameter("open", Status.OPEN)
        .setMaxResults(1)
        .getResultStream()
        .findFirst();
  }

  /**
   * Returns the transformations that a viewer may see, newest first.
   *
   * @param userId the viewer; null if anonymous
   * @param all whether the viewer sees the transformations of all users
   */
  List<Transformation> recent(@Nullable String userId, boolean all, int limit) {
    return seenBy(
            userId,
            all,
            em.createQuery(
                "select t from Transformation t where "
                    + SEEN
                    + " order by t.createdAt desc, t.id desc",
                Transformation.class))
        .setMaxResults(limit)
        .getResultList();
  }

  /** Returns the pictures that everybody sees, the newest first. */
  public List<Transformation> shownToAll(Cursor after, int limit) {
    return after
        .bind(
            seenBy(
                null,
                false,
                em.createQuery(
                    "select t from Transformation t where t.status = :completed and "
                        + SEEN
                        + " and "
                        + Cursor.condition("t.createdAt", "t.id")
                        + " order by t.createdAt desc, t.id desc",
                    Transformation.class)))
        .setParameter("completed", Status.COMPLETED)
        .setMaxResults(limit)
        .getResultList();
  }

  /**
   * @param userId the viewer; null if anonymous
   * @param all whether the viewer sees the transformations of all users
   */
  private static TypedQuery<Transformation> seenBy(
      @Nullable String userId, boolean all, TypedQuery<Transformation> query) {
    return query
        .setParameter("public", Visibility.PUBLIC)
        .setParameter("shown", Display.SHOWN)
        .setParameter("hidden", Display.HIDDEN)
        .setParameter("userId", userId == null ? "" : userId)
        .setParameter("all", all);
  }
}
