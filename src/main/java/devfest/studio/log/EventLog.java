package devfest.studio.log;

import static java.util.stream.Collectors.joining;

import devfest.studio.events.Event;
import devfest.studio.events.Kinds;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.ReservedTypes;
import devfest.studio.events.Subject;
import devfest.studio.events.Visibility;
import devfest.studio.tracing.Step;
import devfest.studio.tracing.Trace;
import devfest.studio.tracing.Tracing;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

  /** The type of an event whose content was erased. */
  private static final String ERASED = "erased";

  @Produces static final ReservedTypes TYPES = ReservedTypes.of(ERASED);

  /** The type of the event that reports the erasure of many events. */
  private static final String ERASURES = "events.erased";

  /** The largest number of positions in such an event. */
  public static final int MAX_ERASED = 500;

  private static final Pattern ERASED_ID = Pattern.compile("\\{\"id\":\"(\\d{1,18})\"}");

  private static final Pattern POSITION = Pattern.compile("\\d{1,18}");

  private static final String IDS_START = "{\"ids\":[\"";
  private static final String IDS_END = "\"]}";

  /** The length of the data with {@value #MAX_ERASED} positions, at most. */
  private static final int MAX_ERASURE = 11_000;

  private static final String ERASE =
      "update EventRow e set e.type = :erased, e.data = 'null', e.userId = null, e.author = null,"
          + " e.photoId = null, e.transformationId = null, e.endsKey = null, e.traceparent = null";

  private final EntityManager em;
  private final Clock clock;
  private final Tracing tracing;
  private final Counts counts = new Counts();
  private final jakarta.enterprise.event.Event<Appended> appended;

  @Inject
  EventLog(
      EntityManager em,
      Clock clock,
      Tracing tracing,
      jakarta.enterprise.event.Event<Appended> appended) {
    this.em = em;
    this.clock = clock;
    this.tracing = tracing;
    this.appended = appended;
  }

  /**
   * Repairs the log's head if it was rolled back, so that no position is assigned twice. Called
   * once at startup; the migration of the schema has created the head.
   *
   * @param newOrigin whether to skip to new positions, so that clients cannot resume from older
   *     ones
   */
  @Transactional(TxType.REQUIRED)
  public void open(boolean newOrigin) {
    LogHead head = em.find(LogHead.class, LogHead.ID, LockModeType.PESSIMISTIC_WRITE);
    Long last =
        em.createQuery("select max(e.position) from EventRow e", Long.class).getSingleResult();
    if (last != null) {
      head.startAfter(last);
    }
    if (newOrigin) {
      head.startAbove(clock.instant());
    }
  }

  /**
   * Stores the names of types that clients cannot publish, against which the database checks
   * publications by SQL. Called once at startup.
   *
   * @param patterns as in {@code events.ReservedTypes}
   */
  @Transactional(TxType.REQUIRED)
  public void reserve(Collection<String> patterns) {
    // Nodes that start at the same time take turns.
    LogHead ignored = em.find(LogHead.class, LogHead.ID, LockModeType.PESSIMISTIC_WRITE);
    List<?> stored = em.createNativeQuery("select pattern from reserved_type").getResultList();
    patterns.stream()
        .distinct()
        .filter(pattern -> !stored.contains(pattern))
        .forEach(
            pattern ->
                em.createNativeQuery("insert into reserved_type (pattern) values (?1)")
                    .setParameter(1, pattern)
                    .executeUpdate());
  }

  /** Appends one event; see {@link #append(List)}. */
  public LoggedEvent append(Event event) {
    return append(List.of(event)).get(0);
  }

  /**
   * Appends the studio's own events at consecutive positions.
   *
   * @return the events with their positions, which are final once the caller's transaction commits
   */
  public List<LoggedEvent> append(List<Event> events) {
    return append(events, false);
  }

  /**
   * Appends events of publishers, as {@link #append(List)} does. The number of their types that are
   * counted under their own names is bounded.
   */
  public List<LoggedEvent> appendPublished(List<Event> events) {
    return append(events, true);
  }

  private List<LoggedEvent> append(List<Event> events, boolean published) {
    try (Step step = tracing.step("append events")) {
      step.with("events", events.size());
      return append(events, Trace.current(), published);
    }
  }

  private List<LoggedEvent> append(List<Event> events, @Nullable String cause, boolean published) {
    em.flush();
    LogHead head = em.find(LogHead.class, LogHead.ID, LockModeType.PESSIMISTIC_WRITE);
    Instant now = head.timestamp(clock.instant());
    List<LoggedEvent> logged = new ArrayList<>(events.size());
    for (Event event : events) {
      LoggedEvent next = new LoggedEvent(head.next(), now, event.tracedTo(cause));
      logged.add(next);
    }
    em.flush();
    insert(logged, now, published);
    appended.fire(new Appended());
    return logged;
  }

  /**
   * Erases the content of an event permanently: its type becomes {@code erased}, its data null, and
   * its owner and subjects are removed. The caller must also append an event whose type ends in
   * {@value #ERASURE}, with the position as the {@code id} of its data; every node then drops its
   * copy in memory.
   *
   * @return false if the position has no event of the type and channel
   */
  public boolean erase(long position, String type, String channel) {
    return em.createQuery(
                ERASE + " where e.position = :at and e.type = :type and e.channel = :channel")
            .setParameter("erased", ERASED)
            .setParameter("at", position)
            .setParameter("type", type)
            .setParameter("channel", channel)
            .executeUpdate()
        == 1;
  }

  /**
   * Erases the content of many events permanently, with their channels, and appends an event about
   * that, by which every node drops its copies in memory.
   *
   * @param positions at most {@value #MAX_ERASED}
   */
  public void erase(List<Long> positions) {
    int ignored =
        em.createQuery(ERASE + ", e.channel = :channel where e.position in :positions")
            .setParameter("erased", ERASED)
            .setParameter("channel", Event.STUDIO_CHANNEL)
            .setParameter("positions", positions)
            .executeUpdate();
    append(dropped(positions));
  }

  /**
   * Changes who sees the events about subjects: a transformation, or a photo and no transformation.
   * Appends an event about that, by which every node drops its copies in memory and reads them
   * again.
   *
   * @param visibilities the new visibility for each subject
   */
  public void classify(Map<Subject, Visibility> visibilities) {
    List<Long> changed = new ArrayList<>();
    visibilities.forEach(
        (subject, visibility) -> changed.addAll(classify(subject, visibility))); // before the head
    if (!changed.isEmpty()) {
      append(dropped(changed));
    }
  }

  private List<Long> classify(Subject subject, Visibility visibility) {
    String alone = subject.kind().equals(Kinds.PHOTO) ? " and e.transformationId is null" : "";
    List<Long> positions =
        em.createQuery(
                "select e.position from EventRow e where e."
                    + EventRow.field(subject)
                    + " = :id and e.visibility <> :visibility"
                    + alone
                    + " order by e.position",
                Long.class)
            .setParameter("id", subject.id())
            .setParameter("visibility", visibility)
            .setMaxResults(MAX_ERASED / 2)
            .getResultList();
    if (!positions.isEmpty()) {
      int ignored =
          em.createQuery(
                  "update EventRow e set e.visibility = :visibility where e.position in :positions")
              .setParameter("visibility", visibility)
              .setParameter("positions", positions)
              .executeUpdate();
    }
    return positions;
  }

  private static Event dropped(List<Long> positions) {
    String ids = positions.stream().map(String::valueOf).collect(joining("\",\""));
    return Event.of(ERASURES)
        .visibility(Visibility.PRIVATE)
        .channel(Event.STUDIO_CHANNEL)
        .data(IDS_START + ids + IDS_END)
        .build();
  }

  /**
   * The positions that an erasure event names. Empty for any other event, including a malformed
   * one, since publishers may choose such a type.
   */
  public static List<Long> erased(Event event) {
    if (!event.type().endsWith(ERASURE)) {
      return List.of();
    }
    Matcher one = ERASED_ID.matcher(event.data());
    if (one.matches()) {
      return List.of(Long.valueOf(one.group(1)));
    }
    String data = event.data();
    if (!data.startsWith(IDS_START) || !data.endsWith(IDS_END) || data.length() > MAX_ERASURE) {
      return List.of();
    }
    return Stream.of(
            data.substring(IDS_START.length(), data.length() - IDS_END.length()).split("\",\""))
        .filter(text -> POSITION.matcher(text).matches())
        .map(Long::valueOf)
        .toList();
  }

  /**
   * Uses the transaction's own connection: rows that never change do not need the overhead of
   * entities.
   */
  private void insert(List<LoggedEvent> events, Instant now, boolean published) {
    Connection connection = em.unwrap(Connection.class);
    try {
      try (PreparedStatement insert = connection.prepareStatement(EventRow.INSERT)) {
        for (LoggedEvent event : events) {
          EventRow.fill(insert, event);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      counts.add(connection, events, now, published);
    } catch (SQLException e) {
      throw new PersistenceException("The events could not be appended.", e);
    }
  }
}
