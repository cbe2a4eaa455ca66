package devfest.studio.log;

import devfest.studio.events.Event;
import devfest.studio.events.LoggedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The writing end of the log.
 *
 * <p>An event commits with the state change that it reports, or not at all. Appending first writes
 * what the caller has changed, then locks the log's head until the commit. So the head is the last
 * lock of a transaction: after an append, a transaction never waits for a lock that another one may
 * hold while that one waits for the head, or both would wait forever. Rows that the transaction has
 * locked before or inserts itself may still be written, and more may be appended. Nothing slow
 * follows an append, as all other appends wait for the commit. Safe for use from many threads and
 * nodes.
 */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
public class EventLog {

  /** The end of the type of each event that reports an erasure. */
  public static final String ERASURE = ".erased";

  private static final Pattern ERASED_ID = Pattern.compile("\\{\"id\":\"(\\d{1,18})\"}");

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

  /**
   * Creates the log when there is none yet, or has it go on after its last event; with {@code
   * newOrigin} lets it go on elsewhere.
   */
  @Transactional(TxType.REQUIRED)
  public void open(boolean newOrigin) {
    LogHead head = em.find(LogHead.class, LogHead.ID, LockModeType.PESSIMISTIC_WRITE);
    if (head == null) {
      em.persist(new LogHead(clock.instant()));
      return;
    }
    Long last =
        em.createQuery("select max(e.position) from EventRow e", Long.class).getSingleResult();
    if (last != null) {
      head.startAfter(last);
    }
    if (newOrigin) {
      head.startAbove(clock.instant());
    }
  }

  /** Appends one event; see {@link #append(List)}. */
  public LoggedEvent append(Event event) {
    return append(List.of(event)).get(0);
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
      logged.add(next);
    }
    em.flush();
    insert(logged, now);
    appended.fire(new Appended());
    return logged;
  }

  /**
   * Takes the content out of an event, for good: from now on it is read as {@code erased}. Who asks
   * for it appends an event whose type ends in {@value #ERASURE}, with the position as its {@code
   * id}, upon which nodes forget what they hold in memory.
   *
   * @return false when there is no such event at the position
   */
  public boolean erase(long position, String type, String channel) {
    return em.createQuery(
                "update EventRow e set e.type = 'erased', e.data = 'null' where e.position = :at"
                    + " and e.type = :type and e.channel = :channel")
            .setParameter("at", position)
            .setParameter("type", type)
            .setParameter("channel", channel)
            .executeUpdate()
        == 1;
  }

  /**
   * The position that an erasure names; empty for any other event, and for one that says nothing of
   * the kind: whoever publishes may have written it.
   */
  public static Optional<Long> erased(Event event) {
    if (!event.type().endsWith(ERASURE)) {
      return Optional.empty();
    }
    Matcher id = ERASED_ID.matcher(event.data());
    return id.matches() ? Optional.of(Long.valueOf(id.group(1))) : Optional.empty();
  }

  /** On the transaction's own connection: rows that never change need no entities, which cost. */
  private void insert(List<LoggedEvent> events, Instant now) {
    Connection connection = em.unwrap(Connection.class);
    try {
      try (PreparedStatement insert = connection.prepareStatement(EventRow.INSERT)) {
        for (LoggedEvent event : events) {
          EventRow.fill(insert, event);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      Counts.add(connection, events, now);
    } catch (SQLException e) {
      throw new PersistenceException("The events could not be appended", e);
    }
  }
}
