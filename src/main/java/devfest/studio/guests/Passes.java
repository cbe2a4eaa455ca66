package devfest.studio.guests;

import devfest.studio.base.Missing;
import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import devfest.studio.security.GuestTokens;
import devfest.studio.security.Revocations;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores the passes and the guests who came with them. Each method runs in one transaction, and
 * those that concern one pass take turns. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
class Passes {

  /** More than an organiser prints, and few enough for one list. */
  private static final int MOST = 100;

  private final EntityManager em;
  private final GuestTokens tokens;
  private final Revocations revocations;
  private final Clock clock;

  /** A guest with a new token. */
  record Welcome(Guest guest, GuestTokens.Issued token) {}

  @Inject
  Passes(EntityManager em, GuestTokens tokens, Revocations revocations, Clock clock) {
    this.em = em;
    this.tokens = tokens;
    this.revocations = revocations;
    this.clock = clock;
  }

  /**
   * Creates a pass.
   *
   * @throws Problem 409 if there are too many
   */
  Pass create(@Nullable String name, Instant expiresAt, @Nullable Integer maxUses) {
    if (all().size() >= MOST) {
      throw new Problem(
          Code.TOO_MANY_PASSES,
          "There can be at most %d passes. Delete one first.".formatted(MOST));
    }
    Pass pass = new Pass(name, expiresAt, maxUses, clock.instant());
    em.persist(pass);
    return pass;
  }

  /** Returns all passes, the newest first. */
  List<Pass> all() {
    return em.createQuery("select p from Pass p order by p.createdAt desc, p.id", Pass.class)
        .getResultList();
  }

  /**
   * Lets somebody in.
   *
   * @param name the name that others see; null for one that the studio chooses
   * @throws Missing if the pass is unknown, has expired or is used up
   */
  Welcome redeem(String secret, @Nullable String name) {
    Pass pass =
        bySecret(secret)
            .map(this::lock)
            .filter(found -> found.isAlive(clock.instant()) && !found.isUsedUp())
            .orElseThrow(() -> new Missing("pass"));
    pass.use();
    Guest guest = new Guest(pass, name, clock.instant());
    em.persist(guest);
    return welcome(guest, pass);
  }

  /**
   * Issues a new token for a guest.
   *
   * @throws Missing if the user is no guest, or the pass has expired or was deleted
   */
  Welcome renew(String user) {
    Guest guest = Optional.ofNullable(em.find(Guest.class, user)).orElseThrow(Passes::none);
    Pass pass =
        Optional.ofNullable(em.find(Pass.class, guest.passId()))
            .map(this::lock)
            .filter(found -> found.isAlive(clock.instant()))
            .orElseThrow(Passes::none);
    return welcome(guest, pass);
  }

  /** While the pass is locked, so that a revocation covers the token. */
  private Welcome welcome(Guest guest, Pass pass) {
    return new Welcome(guest, tokens.issue(guest.userId(), guest.name(), pass.expiresAt()));
  }

  /**
   * Deletes a pass and revokes every token that came from it.
   *
   * @throws Missing if it does not exist
   */
  void delete(String id) {
    Pass pass =
        Optional.ofNullable(em.find(Pass.class, id)).map(this::lock).orElseThrow(Passes::none);
    em.createQuery("select g.userId from Guest g where g.passId = :pass", String.class)
        .setParameter("pass", pass.id())
        .getResultStream()
        .forEach(revocations::revokeUser);
    em.remove(pass);
  }

  private Optional<Pass> bySecret(String secret) {
    return Pass.isSecret(secret)
        ? em.createQuery("select p from Pass p where p.secret = :secret", Pass.class)
            .setParameter("secret", secret)
            .getResultStream()
            .findFirst()
        : Optional.empty();
  }

  /** Returns null if the pass was deleted meanwhile. */
  private @Nullable Pass lock(Pass pass) {
    return em.find(Pass.class, pass.id(), LockModeType.PESSIMISTIC_WRITE);
  }

  private static Missing none() {
    return new Missing("pass");
  }
}
