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
 * Appends events to the log.
 *
 * <p>An event commits with the state change that it reports, or not at all. Appending first flushes
 * the caller's changes, then locks the log's head until the commit. The head must be the last lock
 * of a transaction: after an append, waiting for a lock that another transaction may hold while it
 * waits for the head is a deadlock. The transaction may still write rows that it has locked before
 * or inserts itself, and may append more. Slow work must not follow an append, because all other
 * appends wait for the commit. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
public class EventLog {

  /** The suffix of the types of events that report an erasure. */
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

  /**
   * Creates the log if it does not exist; otherwise repairs its head if it was rolled back, so that
   * no position is assigned twice. Called once at startup.
   *
   * @param newOrigin whether to skip to new positions, so that clients cannot resume from older
   *     ones
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
   * Appends the events at consecutive positions.
   *
   * @return the events with their positions, which are final once the caller's transaction commits
   */
  public List<LoggedEvent> append(List<Event> events) {
    em.flush();
    LogHead head = em.find(LogHead.class, LogHead.ID, LockModeType.PESSIMISTIC_WRITE);
    Instant now = head.timestamp(clock.instant());
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
   * Erases the content of an event permanently: its type becomes {@code erased} and its data null.
   * The caller must also append an event whose type ends in {@value #ERASURE}, with the position as
   * the {@code id} of its data; every node then drops its copy in memory.
   *
   * @return false if the position has no event of the type and channel
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
   * The position that an erasure event names. Empty for any other event, including a malformed one,
   * since publishers may choose such a type.
   */
  public static Optional<Long> erased(Event event) {
    if (!event.type().endsWith(ERASURE)) {
      return Optional.empty();
    }
    Matcher id = ERASED_ID.matcher(event.data());
    return id.matches() ? Optional.of(Long.valueOf(id.group(1))) : Optional.empty();
  }

  /**
   * Uses the transaction's own connection: rows that never change do not need the overhead of
   * entities.
   */
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
      throw new PersistenceException("The events could not be appended.", e);
    }
  }
}
