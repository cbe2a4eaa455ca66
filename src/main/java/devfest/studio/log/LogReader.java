package devfest.studio.log;

import devfest.studio.events.Audience;
import devfest.studio.events.Filter;
import devfest.studio.events.LoggedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The reading end of the log. Sees what is committed. Safe for use from many threads. */
@ApplicationScoped
@Transactional
public class LogReader {

  /** How many positions are looked through for a page at most. */
  private static final int SLICE = 20_000;

  private static final Filter EVERYTHING = Filter.of(Audience.everything());

  private final EntityManager em;

  @Inject
  LogReader(EntityManager em) {
    this.em = em;
  }

  protected LogReader() {
    this(null);
  }

  /**
   * A part of the log and where the log began and ended right after it was read: events up to
   * {@code bounds.pruned()} may already have been missing from it.
   */
  public record Part(List<LoggedEvent> events, long upTo, LogBounds bounds) {}

  /**
   * The oldest {@code limit} matching events above the position, oldest first, of those up to
   * {@code upTo}, which is chosen so that this never takes long, however rare they are.
   */
  public Part part(Filter filter, long after, int limit) {
    long upTo = after + SLICE;
    List<LoggedEvent> events = read(filter, after, upTo, limit);
    if (events.isEmpty()) {
      // Nothing, or one of the gaps that a new origin leaves.
      List<LoggedEvent> next = read(upTo, 1);
      upTo = next.isEmpty() ? Long.MAX_VALUE : next.get(0).position() - 1;
    }
    return new Part(events, upTo, bounds());
  }

  public LogBounds bounds() {
    return em.createQuery("select h from LogHead h", LogHead.class).getSingleResult().bounds();
  }

  /** The oldest {@code limit} events above the position, oldest first. */
  public List<LoggedEvent> read(long after, int limit) {
    return read(EVERYTHING, after, limit);
  }

  /** The oldest {@code limit} matching events above the position, oldest first. */
  public List<LoggedEvent> read(Filter filter, long after, int limit) {
    return read(filter, after, Long.MAX_VALUE, limit);
  }

  private List<LoggedEvent> read(Filter filter, long after, long upTo, int limit) {
    String range = "e.position > :position and e.position <= :upTo";
    return query(Object[].class, EventRow.COLUMNS, filter, range, after, "asc", limit)
        .setParameter("upTo", upTo)
        .getResultStream()
        .map(EventRow::event)
        .toList();
  }

  /** The position of the {@code n}-th event above the position, or of the last where it is less. */
  long position(long after, int n) {
    List<Long> next =
        query(Long.class, "e.position", EVERYTHING, "e.position > :position", after, "asc", n)
            .getResultList();
    return next.isEmpty() ? after : next.get(next.size() - 1);
  }

  /** The position below the newest {@code n} matching events: reading on from it gives them. */
  public long before(Filter filter, int n) {
    long latest = bounds().latest();
    List<Long> newest =
        query(Long.class, "e.position", filter, "e.position <= :position", latest, "desc", n)
            .getResultList();
    return newest.isEmpty() ? latest : newest.get(newest.size() - 1) - 1;
  }

  /** The position below the first event that was recorded at the instant or later. */
  public long before(Instant instant) {
    LogBounds bounds = bounds();
    long low = bounds.pruned();
    long high = bounds.latest();
    // Instants never go back as positions go up, so halving finds the place by the primary key.
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

  /** How many events of each type there ever were, ordered by type. */
  public Map<String, Long> counts() {
    return counts(em.createQuery("select c.type, c.total from TypeCount c", Object[].class));
  }

  /** The same from the beginning of the instant's minute on. */
  public Map<String, Long> counts(Instant since) {
    return counts(
        em.createQuery(
                "select c.type, sum(c.total) from MinuteCount c where c.minute >= :m group by"
                    + " c.type",
                Object[].class)
            .setParameter("m", MinuteCount.minuteOf(since)));
  }

  private static Map<String, Long> counts(TypedQuery<Object[]> query) {
    Map<String, Long> counts = new LinkedHashMap<>();
    query
        .getResultStream()
        .sorted((a, b) -> ((String) a[0]).compareTo((String) b[0]))
        .forEach(row -> counts.put((String) row[0], ((Number) row[1]).longValue()));
    return Collections.unmodifiableMap(counts);
  }

  private <T> TypedQuery<T> query(
      Class<T> type,
      String what,
      Filter filter,
      String range,
      long position,
      String order,
      int limit) {
    Map<String, Object> values = new LinkedHashMap<>();
    String where = range + narrowing(filter, values);
    TypedQuery<T> query =
        em.createQuery(
            "select %s from EventRow e where %s order by e.position %s"
                .formatted(what, where, order),
            type);
    query.setParameter("position", position);
    values.forEach(query::setParameter);
    // Nothing that is read here changes, so there need be no copies to compare at the commit.
    return query.setHint("eclipselink.read-only", true).setMaxResults(limit);
  }

  /** {@link Filter#matches} as a condition of the database. */
  private static String narrowing(Filter filter, Map<String, Object> values) {
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
      List<String> any = new ArrayList<>();
      for (String type : filter.types()) {
        String name = "type" + any.size();
        if (type.endsWith("*")) {
          any.add("e.type like :" + name + " escape '!'");
          values.put(name, type.substring(0, type.length() - 1).replace("_", "!_") + "%");
        } else {
          any.add("e.type = :" + name);
          values.put(name, type);
        }
      }
      where.append(" and (").append(String.join(" or ", any)).append(")");
    }
    if (!filter.channels().isEmpty()) {
      where.append(" and e.channel in :channels");
      values.put("channels", filter.channels());
    }
    equal("photoId", filter.photoId(), where, values);
    equal("transformationId", filter.transformationId(), where, values);
    equal("userId", filter.userId(), where, values);
    return where.toString();
  }

  private static void equal(
      String field, String value, StringBuilder where, Map<String, Object> values) {
    if (value != null) {
      where.append(" and e.").append(field).append(" = :").append(field);
      values.put(field, value);
    }
  }
}
