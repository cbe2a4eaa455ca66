package devfest.studio.log;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Instant;

/** Prunes old events from the log; the total counts by type remain. */
@ApplicationScoped
@Transactional
public class Retention {

  /**
   * Small enough that appends do not wait, and that H2 does not write its file before the commit.
   */
  private static final int BATCH = 500;

  private final EntityManager em;
  private final LogReader reader;
  private final Event<Pruned> pruned;

  @Inject
  Retention(EntityManager em, LogReader reader, Event<Pruned> pruned) {
    this.em = em;
    this.reader = reader;
    this.pruned = pruned;
  }

  /**
   * Prunes a bounded number of events that were recorded before the instant. Locks the log's head
   * last, so that appends are delayed only briefly and no deadlock is possible.
   *
   * @return whether more events remain to be pruned
   */
  public boolean prune(Instant before) {
    long last = reader.before(before);
    long from = reader.bounds().pruned();
    if (last > from) {
      long to = Math.min(last, reader.position(from, BATCH));
      em.createQuery("delete from EventRow e where e.position <= :to")
          .setParameter("to", to)
          .executeUpdate();
      pruned.fire(new Pruned(to)); // its observers delete rows too
      em.find(LogHead.class, LogHead.ID, LockModeType.PESSIMISTIC_WRITE).prunedTo(to);
      return to < last;
    }
    em.createQuery("delete from MinuteCount c where c.minute < :minute")
        .setParameter("minute", MinuteCount.minuteOf(before))
        .executeUpdate();
    return false;
  }
}
