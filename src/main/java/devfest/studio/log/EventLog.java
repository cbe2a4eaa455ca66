package devfest.studio.log;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import devfest.studio.events.Event;
import devfest.studio.events.LoggedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The writing end of the log.
 *
 * <p>An event commits with the state change that it tells of, or not at all. Appending first
 * flushes what the caller has changed, then takes the lock on the log's head and holds it to the
 * commit: append last, and do nothing slow after it. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
public class EventLog {

  private final EntityManager em;
  private final Clock clock;
  private final jakarta.enterprise.event.Event<Appended> appended;

  @Inject
  EventLog(EntityManager em, Clock clock, jakarta.enterprise.event.Event<Appended> appended) {
    this.em = em;
    this.clock = clock;
    this.appended = appended;
  }

  protected EventLog() {
    this(null, null, null);
  }

  /** Creates the log when there is none yet; with {@code newOrigin} lets it go on elsewhere. */
  @Transactional(TxType.REQUIRED)
  public void open(boolean newOrigin) {
    LogHead head = em.find(LogHead.class, LogHead.ID, LockModeType.PESSIMISTIC_WRITE);
    if (head == null) {
      em.persist(new LogHead(clock.instant()));
    } else if (newOrigin) {
      head.startAbove(clock.instant());
    }
  }

  /** Appends what a feature announces by firing a CDI event. */
  public void append(@Observes Event event) {
    append(List.of(event));
  }

  /**
   * Appends the events, one right after the other.
   *
   * @return them with their positions, which hold once the caller's transaction has committed
   */
  public List<LoggedEvent> append(List<Event> events) {
    em.flush();
    LogHead head = em.find(LogHead.class, LogHead.ID, LockModeType.PESSIMISTIC_WRITE);
    Instant now = head.clock(clock.instant());
    List<LoggedEvent> logged = new ArrayList<>(events.size());
    for (Event event : events) {
      LoggedEvent next = new LoggedEvent(head.next(), now, event);
      em.persist(new EventRow(next));
      logged.add(next);
    }
    count(events, MinuteCount.minuteOf(now));
    em.flush();
    appended.fire(new Appended());
    return logged;
  }

  private void count(List<Event> events, long minute) {
    Map<String, Long> byType = events.stream().collect(groupingBy(Event::type, counting()));
    byType.forEach(
        (type, n) -> {
          if (0
              == em.createQuery("update TypeCount c set c.total = c.total + :n where c.type = :t")
                  .setParameter("n", n)
                  .setParameter("t", type)
                  .executeUpdate()) {
            em.persist(new TypeCount(type, n));
          }
          if (0
              == em.createQuery(
                      "update MinuteCount c set c.total = c.total + :n"
                          + " where c.minute = :m and c.type = :t")
                  .setParameter("n", n)
                  .setParameter("m", minute)
                  .setParameter("t", type)
                  .executeUpdate()) {
            em.persist(new MinuteCount(minute, type, n));
          }
        });
  }
}
