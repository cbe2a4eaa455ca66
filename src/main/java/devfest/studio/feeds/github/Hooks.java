package devfest.studio.feeds.github;

import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import devfest.studio.security.Admission;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores the webhooks of users. Each method runs in one short transaction. Safe for use from many
 * threads and nodes.
 */
@ApplicationScoped
@Transactional
class Hooks {

  /** Hooks per user; enough for personal repositories, and bounds the table. */
  private static final int MAX_HOOKS = 20;

  private final EntityManager em;
  private final Clock clock;
  private final Admission admission;

  @Inject
  Hooks(EntityManager em, Clock clock, Admission admission) {
    this.em = em;
    this.clock = clock;
    this.admission = admission;
  }

  /**
   * Creates a webhook.
   *
   * @throws Problem 409 if the user has reached the limit
   */
  Hook create(String userId, @Nullable String name) {
    admission.admit();
    if (of(userId).size() >= MAX_HOOKS) {
      throw new Problem(
          Code.TOO_MANY_HOOKS,
          "A user can have at most %d hooks. Delete one first.".formatted(MAX_HOOKS));
    }
    Hook hook = new Hook(userId, name, clock.instant());
    em.persist(hook);
    return hook;
  }

  List<Hook> of(String userId) {
    return em.createQuery(
            "select h from Hook h where h.userId = :user order by h.createdAt desc, h.id",
            Hook.class)
        .setParameter("user", userId)
        .getResultList();
  }

  Optional<Hook> find(String id) {
    return Hook.isId(id) ? Optional.ofNullable(em.find(Hook.class, id)) : Optional.empty();
  }

  Hook rotate(String id) {
    Hook hook = find(id).orElseThrow(() -> Problem.notFound("hook"));
    hook.rotate();
    return hook;
  }

  /**
   * Deletes the hooks of a user.
   *
   * @return the number of deleted hooks
   */
  int deleteAll(String userId) {
    return em.createQuery("delete from Hook h where h.userId = :user")
        .setParameter("user", userId)
        .executeUpdate();
  }

  /** Deletes the hook; its deliveries are kept. */
  void delete(String id) {
    find(id).ifPresent(em::remove);
  }
}
