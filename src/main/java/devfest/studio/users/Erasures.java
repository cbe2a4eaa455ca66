package devfest.studio.users;

import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Leases;
import devfest.studio.jobs.Work;
import devfest.studio.security.People;
import devfest.studio.security.Revocations;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;

/** Begins and ends erasures. Safe for use from many threads and nodes. */
@ApplicationScoped
@Transactional
class Erasures {

  private final EntityManager em;
  private final Clock clock;
  private final Leases leases;
  private final People people;
  private final Revocations revocations;
  private final Event<Erased> erased;

  @Inject
  Erasures(
      EntityManager em,
      Clock clock,
      Leases leases,
      People people,
      Revocations revocations,
      Event<Erased> erased) {
    this.em = em;
    this.clock = clock;
    this.leases = leases;
    this.people = people;
    this.revocations = revocations;
    this.erased = erased;
  }

  /**
   * Revokes the user's tokens and schedules the erasure, unless one has begun already. Requests of
   * the user that have been admitted are waited for, so the erasure finds what they have stored;
   * all others are refused.
   *
   * @return the id of the job
   */
  String begin(String user) {
    revocations.revokeUser(user);
    people.remove(user);
    return em.createQuery("select e from Erasure e where e.userId = :user", Erasure.class)
        .setParameter("user", user)
        .getResultStream()
        .findFirst()
        .orElseGet(() -> schedule(user))
        .id();
  }

  private Erasure schedule(String user) {
    Erasure erasure = new Erasure(user, clock.instant());
    em.persist(erasure);
    leases.added(Erasure.class);
    return erasure;
  }

  boolean isOpen(String id) {
    return em.find(Erasure.class, id) != null;
  }

  /** Removes the job, unless the attempt has lost its claim. */
  void end(Work<Erasure> work, Attempt attempt) {
    leases
        .lockClaimed(work, attempt)
        .ifPresent(
            erasure -> {
              em.remove(erasure);
              erased.fire(new Erased());
            });
  }
}
