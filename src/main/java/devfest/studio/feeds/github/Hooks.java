package devfest.studio.feeds.github;

import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The webhooks of users. Each method is one short transaction. */
@ApplicationScoped
@Transactional
class Hooks {

  private static final int MOST = 20;

  private final EntityManager em;
  private final Clock clock;

  @Inject
  Hooks(EntityManager em, Clock clock) {
    this.em = em;
    this.clock = clock;
  }

  /**
   * @throws Problem 409 when the user has too many
   */
  Hook create(String userId, @Nullable String name) {
    if (of(userId).size() >= MOST) {
      throw new Problem(Code.TOO_MANY_HOOKS, "At most " + MOST + " hooks; delete one first");
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

  /** What it has delivered stays. */
  void delete(String id) {
    find(id).ifPresent(em::remove);
  }
}
