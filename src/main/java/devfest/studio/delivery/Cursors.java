package devfest.studio.delivery;

import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Leases;
import devfest.studio.jobs.Work;
import devfest.studio.log.LogReader;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Stores how far cursors of one kind are. Each method runs in one short transaction or joins the
 * caller's. Safe for use from many threads and nodes.
 *
 * @param <C> the entity; it has the attributes {@code id}, {@code userId}, {@code progress} and
 *     {@code lease}
 */
@Transactional
public abstract class Cursors<C extends Cursor> {

  /**
   * How long one is read before others get its place. Long enough for many requests to a receiver
   * that is fast.
   */
  private static final Duration TURN = Duration.ofSeconds(2);

  private final Class<C> type;
  private final EntityManager em;
  private final LogReader log;
  private final Leases leases;
  private final Clock clock;

  protected Cursors(Class<C> type, EntityManager em, LogReader log, Leases leases, Clock clock) {
    this.type = type;
    this.em = em;
    this.log = log;
    this.leases = leases;
    this.clock = clock;
  }

  /**
   * Makes idle cursors due, because events that match them were published. One that is being read
   * or waits for a retry is left alone: it finds the events itself.
   *
   * @param which a condition on {@code c}, of one parameter
   * @param name of the parameter
   */
  protected void wake(String which, String name, Object value) {
    wake(idle(" and " + which).setParameter(name, value));
  }

  /** Makes all idle cursors due. */
  public void wakeAll() {
    wake(idle(""));
  }

  private Query idle(String which) {
    return em.createQuery(
        "update "
            + type.getSimpleName()
            + " c set c.lease.dueAt = :now where c.progress.failures = 0"
            + " and c.lease.claim is null and c.lease.dueAt > :now"
            + which);
  }

  private void wake(Query idle) {
    if (idle.setParameter("now", clock.instant()).executeUpdate() > 0) {
      leases.added(type);
    }
  }

  /**
   * Advances the cursor of an attempt, and ends its claim if the log has no more events, or if its
   * turn is over.
   *
   * @return whether the attempt continues
   * @throws Attempt.StoppedException if the attempt has lost its claim
   */
  public boolean advance(Work<C> work, Attempt attempt, long to) {
    return advance(claimed(work, attempt), attempt, to);
  }

  /** The same for a locked cursor. */
  protected boolean advance(C cursor, Attempt attempt, long to) {
    cursor.advance(to);
    Instant now = clock.instant();
    if (log.bounds().latest() <= to) {
      cursor.lease().schedule(now.plus(cursor.look()));
      return false;
    }
    if (attempt.age().compareTo(TURN) > 0) {
      cursor.lease().schedule(now); // behind all that are due
      leases.added(type);
      return false;
    }
    return true;
  }

  /**
   * Wakes a cursor whose attempt has just ended its claim, if the log has more events. One that was
   * appended before that commit may have found the row claimed, and so its wake without effect.
   *
   * @param position where the attempt ended
   */
  public void rest(String id, long position) {
    if (log.bounds().latest() > position) {
      wake("c.id = :id", "id", id);
    }
  }

  /**
   * Locks the cursor of an attempt.
   *
   * @throws Attempt.StoppedException if the attempt has lost its claim
   */
  protected C claimed(Work<C> work, Attempt attempt) {
    return leases.lockClaimed(work, attempt).orElseThrow(attempt::lost);
  }
}
