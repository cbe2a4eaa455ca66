package devfest.studio.push;

import devfest.studio.delivery.Cursors;
import devfest.studio.delivery.DeliverySettings;
import devfest.studio.delivery.Outcome;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Leases;
import devfest.studio.jobs.Work;
import devfest.studio.log.LogReader;
import devfest.studio.personal.Rows;
import devfest.studio.security.Admission;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Stores the subscriptions of browsers. Each method runs in one short transaction or joins the
 * caller's. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
class PushSubscriptions extends Cursors<PushSubscription> {

  /** More than the browsers of a user. */
  private static final int MAX_PER_USER = 10;

  private final EntityManager em;
  private final LogReader log;
  private final Leases leases;
  private final Admission admission;
  private final DeliverySettings settings;
  private final Clock clock;

  /**
   * A subscription that was saved.
   *
   * @param created whether its user did not have it before
   */
  record Saved(PushSubscription subscription, boolean created) {}

  @Inject
  PushSubscriptions(
      EntityManager em,
      LogReader log,
      Leases leases,
      Admission admission,
      DeliverySettings settings,
      Clock clock) {
    super(PushSubscription.class, em, log, leases, clock);
    this.em = em;
    this.log = log;
    this.leases = leases;
    this.admission = admission;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Subscribes a browser for a user, who gets the notifications from now on. It belongs to one user
   * at a time, the last one. The oldest subscriptions of a user who has too many are deleted:
   * browsers change their endpoints, and not every push service reports that.
   *
   * @throws jakarta.persistence.PersistenceException if a concurrent request has subscribed the
   *     same browser
   */
  Saved save(String userId, PushSubscription.Browser browser, String language) {
    admission.admit();
    Optional<PushSubscription> known = lock(browser.id());
    if (known.isPresent() && known.get().userId().equals(userId)) {
      if (known.get().renew(browser, language)) {
        leases.ended(known.get());
        leases.added(PushSubscription.class);
      }
      return new Saved(known.get(), false);
    }
    known.ifPresent(this::remove);
    em.flush(); // before the insertion of the same id
    of(userId).stream().skip(MAX_PER_USER - 1L).forEach(old -> delete(old.id()));
    PushSubscription added =
        new PushSubscription(userId, browser, language, log.bounds().latest(), clock.instant());
    em.persist(added);
    em.flush(); // a concurrent duplicate fails here
    leases.added(PushSubscription.class);
    return new Saved(added, true);
  }

  /** Returns the subscriptions of a user, newest first. */
  List<PushSubscription> of(String userId) {
    return em.createQuery(
            "select p from PushSubscription p where p.userId = :user"
                + " order by p.createdAt desc, p.id",
            PushSubscription.class)
        .setParameter("user", userId)
        .getResultList();
  }

  Optional<PushSubscription> find(String id) {
    return Optional.ofNullable(em.find(PushSubscription.class, id));
  }

  void delete(String id) {
    lock(id).ifPresent(this::remove);
  }

  /**
   * Deletes subscriptions of a user.
   *
   * @return the number of deleted subscriptions
   */
  int delete(String user, int limit) {
    List<PushSubscription> found = Rows.locked(em, PushSubscription.class, "userId", user, limit);
    found.forEach(this::remove);
    return found.size();
  }

  private void remove(PushSubscription subscription) {
    em.remove(subscription);
    leases.ended(subscription);
  }

  /** Makes idle subscriptions of users due, because they were notified. */
  void wake(Collection<String> users) {
    wake("c.userId in :users", "users", users);
  }

  /**
   * Records a failure and ends the claim. A subscription that has failed for too long is deleted.
   *
   * @return whether it will be tried again
   * @throws Attempt.StoppedException if the attempt has lost its claim
   */
  boolean fail(Work<PushSubscription> work, Attempt attempt, Outcome outcome) {
    PushSubscription subscription = claimed(work, attempt);
    boolean again = subscription.fail(outcome, settings.giveUp(), clock.instant());
    if (!again) {
      remove(subscription);
    }
    return again;
  }

  /**
   * Records a failure that is not the push service's, and ends the claim.
   *
   * @return false, because the attempt does not continue
   * @throws Attempt.StoppedException if the attempt has lost its claim
   */
  boolean postpone(Work<PushSubscription> work, Attempt attempt, Outcome outcome) {
    claimed(work, attempt).postpone(outcome, clock.instant());
    return false;
  }

  /**
   * Deletes the subscription of an attempt, which the browser has ended.
   *
   * @throws Attempt.StoppedException if the attempt has lost its claim
   */
  void end(Work<PushSubscription> work, Attempt attempt) {
    em.remove(claimed(work, attempt));
  }

  private Optional<PushSubscription> lock(String id) {
    return Optional.ofNullable(em.find(PushSubscription.class, id, LockModeType.PESSIMISTIC_WRITE));
  }
}
