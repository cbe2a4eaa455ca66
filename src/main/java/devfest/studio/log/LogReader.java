package devfest.studio.log;

import devfest.studio.events.Audience;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Pseudonyms;
import devfest.studio.events.Subject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads committed events from the log. Safe for use from many threads. */
@ApplicationScoped
@Transactional
public class LogReader {

  /** The time for one part. Searches for rare events take turns part by part. */
  private static final long PART_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** With more types, one scan of all events is faster than one query per type. */
  private static final int MAX_TYPES = 16;

  private static final Filter EVERYTHING = Filter.of(Audience.everything());

  private final EntityManager em;
  private final Pseudonyms pseudonyms;

  @Inject
  LogReader(EntityManager em, Pseudonyms pseudonyms) {
    this.em = em;
    this.pseudonyms = pseudonyms;
  }

  private LoggedEvent event(Object[] columns) {
    LoggedEvent logged = EventRow.event(columns);
    return new LoggedEvent(logged.position(), logged.timestamp(), logged.event().under(pseudonyms));
  }

  /**
   * A part of the log.
   *
   * @param events the matching events, oldest first
   * @param upTo every matching event up to here is in {@code events}, or was pruned: the next part
   *     begins above it. May be above the newest event
   * @param bounds of the log, read after the events: those up to {@code bounds.pruned()} may be
   *     missing
   */
  public record Part(List<LoggedEvent> events, long upTo, LogBounds bounds) {}

  /**
   * Reads the oldest {@code limit} matching events above the position. The time is bounded even if
   * matching events are rare: {@link Part#upTo} reports how far the search went.
   */
  public Part part(Filter filter, long after, int limit) {
    List<LoggedEvent> events = new ArrayList<>();
    List<Filter> filters = byType(filter);
    long upTo = filters.isEmpty() ? Long.MAX_VALUE : after;
    Slices slices = new Slices();
    while (events.size() < limit && upTo < Long.MAX_VALUE && slices.hasNext()) {
      long from = upTo;
      upTo = from + slices.next();
      long to = upTo;
      int missing = limit - events.size();
      List<LoggedEvent> found =
          filters.stream()
              .flatMap(each -> read(each, from, to, missing).stream())
              .sorted(Comparator.comparingLong(LoggedEvent::position))
              .limit(missing)
              .toList();
      events.addAll(found);
      if (found.isEmpty()) { // skips the gap before a new origin, too
        upTo = neighbour(">", upTo, "asc").map(next -> next - 1).orElse(Long.MAX_VALUE);
      }
    }
    return new Part(
        events, events.size() < limit ? upTo : events.get(limit - 1).position(), bounds());
  }

  /**
   * The newest matching positions, newest first.
   *
   * @param downTo every matching position above it is in {@code positions}, unless the limit was
   *     reached; 0 at the start of the log
   */
  public record Newest(List<Long> positions, long downTo) {}

  /** Finds the newest {@code limit} matching positions up to a position, in bounded time. */
  public Newest newest(Filter filter, long upTo, int limit) {
    List<Long> positions = new ArrayList<>();
    List<Filter> filters = byType(filter);
    long downTo = filters.isEmpty() ? 0 : upTo;
    Slices slices = new Slices();
    while (positions.size() < limit && downTo > 0 && slices.hasNext()) {
      long from = downTo;
      downTo = Math.max(0, from - slices.next());
      long to = downTo;
      int missing = limit - positions.size();
      List<Long> found =
          filters.stream()
              .flatMap(each -> newest(each, from, to, missing).stream())
              .sorted(Comparator.reverseOrder())
              .limit(missing)
              .toList();
      positions.addAll(found);
      if (found.isEmpty()) {
        downTo = neighbour("<=", downTo, "desc").orElse(0L);
      }
    }
    return new Newest(positions, downTo);
  }

  private List<Long> newest(Filter filter, long upTo, long downTo, int limit) {
    String range = "e.position <= :position and e.position > :downTo";
    return query(Long.class, "e.position", filter, range, upTo, "desc", limit)
        .setParameter("downTo", downTo)
        .getResultList();
  }

  /**
   * Splits the filter into one for each matching type that was ever appended, because an index
   * finds the positions of one type, but not of a prefix or of several types. Empty if nothing can
   * match; the filter itself if there are too many types, or if the types of a prefix are not
   * known.
   */
  private List<Filter> byType(Filter filter) {
    if (filter.types().isEmpty()) {
      return List.of(filter);
    }
    Map<String, Object> values = new LinkedHashMap<>();
    TypedQuery<String> known =
        em.createQuery(
            "select c.type from TypeCount c where c.type = :other or "
                + types("c.type", filter, values),
            String.class);
    values.forEach(known::setParameter);
    List<String> types =
        known.setParameter("other", Counts.OTHER).setMaxResults(MAX_TYPES + 1).getResultList();
    if (types.contains(Counts.OTHER)) { // matching types may have no count of their own
      types = filter.types().stream().distinct().toList();
    }
    return types.size() > MAX_TYPES || types.stream().anyMatch(type -> type.endsWith("*"))
        ? List.of(filter)
        : types.stream().map(type -> filter.withTypes(List.of(type))).toList();
  }

  /** The nearest position in a direction. Sorts instead of min(), for which H2 scans every row. */
  private Optional<Long> neighbour(String comparison, long position, String order) {
    String range = "e.position " + comparison + " :position";
    return query(Long.class, "e.position", EVERYTHING, range, position, order, 1)
        .getResultStream()
        .findFirst();
  }

  /**
   * The lengths of the slices of one part, in positions. Each length depends on the duration of the
   * previous slice: with an index a slice of millions is fast, without an index a few thousand take
   * as long.
   */
  private static final class Slices {

    /** Fast even without an index. */
    private static final long FIRST = 2_000;

    /** Several slices fit into a part, so that its time is exceeded only slightly. */
    private static final long SLICE_NANOS = PART_NANOS / 4;

    /** Limits the error after a slice that was fast by chance. */
    private static final long MAX_GROWTH = 16;

    private final long startedAt = System.nanoTime();
    private long last = startedAt;
    private long length;

    boolean hasNext() {
      return length == 0 || System.nanoTime() - startedAt < PART_NANOS;
    }

    long next() {
      long now = System.nanoTime();
      long growth = Math.min(MAX_GROWTH, SLICE_NANOS / Math.max(1, now - last));
      last = now;
      length = length == 0 ? FIRST : Math.max(FIRST, length * growth);
      return length;
    }
  }

  public LogBounds bounds() {
    return em.createQuery("select h from LogHead h", LogHead.class).getSingleResult().bounds();
  }

  /** Reads the oldest {@code limit} events above the position, oldest first. */
  public List<LoggedEvent> read(long after, int limit) {
    return read(EVERYTHING, after, limit);
  }

  /** Reads the oldest {@code limit} matching events above the position, oldest first. */
  public List<LoggedEvent> read(Filter filter, long after, int limit) {
    return read(filter, after, Long.MAX_VALUE, limit);
  }

  /** Reads the oldest events above the position that the user owns. */
  List<LoggedEvent> ownedBy(String user, long after, int limit) {
    return of("e.userId", user, after, limit);
  }

  /** Reads the oldest events above the position that the user has caused but does not own. */
  List<LoggedEvent> causedBy(String user, long after, int limit) {
    return of("e.author", user, after, limit);
  }

  private List<LoggedEvent> of(String column, String user, long after, int limit) {
    return em.createQuery(
            "select %s from EventRow e where %s = :user and e.position > :after order by e.position"
                .formatted(EventRow.COLUMNS, column),
            Object[].class)
        .setParameter("user", user)
        .setParameter("after", after)
        .setHint("eclipselink.read-only", true)
        .setMaxResults(limit)
        .getResultStream()
        .map(this::event)
        .toList();
  }

  private List<LoggedEvent> read(Filter filter, long after, long upTo, int limit) {
    String range = "e.position > :position and e.position <= :upTo";
    return query(Object[].class, EventRow.COLUMNS, filter, range, after, "asc", limit)
        .setParameter("upTo", upTo)
        .getResultStream()
        .map(this::event)
        .toList();
  }

  /**
   * The position of the {@code n}-th event above the position, or of the last event if there are
   * fewer.
   */
  long position(long after, int n) {
    List<Long> next =
        query(Long.class, "e.position", EVERYTHING, "e.position > :position", after, "asc", n)
            .getResultList();
    return next.isEmpty() ? after : next.get(next.size() - 1);
  }

  /** The position below the first event that was recorded at or after the instant. */
  public long before(Instant instant) {
    LogBounds bounds = bounds();
    long low = bounds.pruned();
    long high = bounds.latest();
    // Timestamps never decrease, so a binary search by the primary key finds the position.
    while (low < high) {
      long middle = low + (high - low) / 2;
      List<LoggedEvent> next = read(middle, 1);
      if (next.isEmpty() || !next.get(0).timestamp().isBefore(instant)) {
        high = middle;
      } else {
        low = next.get(0).position();
      }
    }
    return low;
  }

  /**
   * The number of events of each type that were ever appended, ordered by type. At most 1,000 types
   * have a count of their own; all others are counted as {@code (other)}.
   */
  public Map<String, Long> counts() {
    return counts(em.createQuery("select c.type, c.total from TypeCount c", Object[].class));
  }

  /** The number of events of each type since the start of the instant's minute, ordered by type. */
  public Map<String, Long> counts(Instant since) {
    return counts(
        em.createQuery(
                "select c.type, sum(c.total) from MinuteCount c where c.minute >= :m group by"
                    + " c.type",
                Object[].class)
            .setParameter("m", MinuteCount.minuteOf(since)));
  }

  private static Map<String, Long> counts(TypedQuery<Object[]> query) {
    Map<String, Long> counts = new HashMap<>();
    query
        .getResultStream()
        .forEach(row -> counts.put((String) row[0], ((Number) row[1]).longValue()));
    return Collections.unmodifiableMap(Counts.bounded(counts));
  }

  private <T> TypedQuery<T> query(
      Class<T> type,
      String columns,
      Filter filter,
      String range,
      long position,
      String order,
      int limit) {
    Map<String, Object> values = new LinkedHashMap<>();
    String where = range + conditions(filter, values);
    TypedQuery<T> query =
        em.createQuery(
            "select %s from EventRow e where %s order by e.position %s"
                .formatted(columns, where, order),
            type);
    query.setParameter("position", position);
    values.forEach(query::setParameter);
    // Spares the copies that EclipseLink would compare at the commit: nothing is modified.
    return query.setHint("eclipselink.read-only", true).setMaxResults(limit);
  }

  /** {@link Filter#matches} as a condition in JPQL. */
  private static String conditions(Filter filter, Map<String, Object> values) {
    StringBuilder where = new StringBuilder();
    if (filter.audience().all() && filter.audience().userId() != null) {
      if (!filter.channels().isEmpty()) {
        where.append(
            " and (e.visibility <> devfest.studio.events.Visibility.PERSONAL"
                + " or e.userId = :viewer)");
        values.put("viewer", filter.audience().userId());
      }
    } else if (!filter.audience().all()) {
      where.append(" and (e.visibility = devfest.studio.events.Visibility.PUBLIC");
      if (filter.audience().userId() != null) {
        where.append(
            " or e.visibility = devfest.studio.events.Visibility.SHARED or e.userId = :viewer");
        values.put("viewer", filter.audience().userId());
      }
      where.append(")");
    }
    if (!filter.types().isEmpty()) {
      where.append(" and (").append(types("e.type", filter, values)).append(")");
    }
    if (!filter.channels().isEmpty()) {
      where.append(" and e.channel in :channels");
      values.put("channels", filter.channels());
    }
    for (Subject subject : filter.subjects()) {
      addEqual(EventRow.field(subject), subject.id(), where, values);
    }
    addEqual("userId", filter.userId(), where, values);
    return where.toString();
  }

  private static String types(String column, Filter filter, Map<String, Object> values) {
    List<String> any = new ArrayList<>();
    for (String type : filter.types()) {
      String name = "type" + any.size();
      if (type.endsWith("*")) {
        // Not the bare column: H2 misses rows when it evaluates the range with the index of types.
        any.add("concat(" + column + ", '') like :" + name + " escape '!'");
        values.put(name, type.substring(0, type.length() - 1).replace("_", "!_") + "%");
      } else {
        any.add(column + " = :" + name);
        values.put(name, type);
      }
    }
    return String.join(" or ", any);
  }

  private static void addEqual(
      String field, @Nullable String value, StringBuilder where, Map<String, Object> values) {
    if (value != null) {
      where.append(" and e.").append(field).append(" = :").append(field);
      values.put(field, value);
    }
  }
}
