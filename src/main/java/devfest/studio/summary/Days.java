package devfest.studio.summary;

import devfest.studio.guests.Guests;
import devfest.studio.images.Style;
import devfest.studio.images.Styles;
import devfest.studio.summary.DayStatistics.Hour;
import devfest.studio.summary.DayStatistics.StyleCount;
import devfest.studio.transformations.QuotaSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Counts what happened on a day. Safe for use from many threads. */
@ApplicationScoped
@Transactional
class Days {

  /** The numbers of the hours since an instant (?1) in which something happened, with its count. */
  private static final String PER_HOUR =
      "select h.hour_no, count(*) from (select (%1$s - ?1) / 3600000 as hour_no from %2$s"
          + " where %1$s >= ?2 and %1$s < ?3%3$s) h group by h.hour_no";

  private static final String COMPLETED = " and status = 'COMPLETED'";

  private static final String PER_STYLE =
      "select style_id, count(*) from transformation"
          + " where completed_at >= ?2 and completed_at < ?3"
          + COMPLETED
          + " group by style_id order by count(*) desc, style_id";

  private static final String VISITORS =
      "select count(*) from (select user_id from photo where uploaded_at >= ?2 and uploaded_at < ?3"
          + " union select user_id from transformation"
          + " where created_at >= ?2 and created_at < ?3) v";

  private final EntityManager em;
  private final Guests guests;
  private final QuotaSettings quota;
  private final Clock clock;

  @Inject
  Days(EntityManager em, Guests guests, QuotaSettings quota, Clock clock) {
    this.em = em;
    this.guests = guests;
    this.quota = quota;
    this.clock = clock;
  }

  /**
   * Returns the statistics of a day.
   *
   * @param date null for today
   * @param zone null for the zone of the quota
   * @throws devfest.studio.http.Problem 400 if one of them is malformed
   */
  DayStatistics of(@Nullable String date, @Nullable String zone) {
    Day day = Day.of(date, zone, quota.zone(), clock);
    Map<Integer, Long> photos = perHour(day, "uploaded_at", "photo", "");
    Map<Integer, Long> pictures = perHour(day, "completed_at", "transformation", COMPLETED);
    List<Instant> hours = day.hours();
    return new DayStatistics(
        day.date().toString(),
        day.zone().toString(),
        day.from(),
        day.until(),
        sum(photos),
        sum(pictures),
        ((Number) within(day, VISITORS).getSingleResult()).longValue(),
        guests.joined(day.from(), day.until()),
        IntStream.range(0, hours.size())
            .mapToObj(
                i ->
                    new Hour(
                        hours.get(i), photos.getOrDefault(i, 0L), pictures.getOrDefault(i, 0L)))
            .toList(),
        styles(day));
  }

  private static long sum(Map<Integer, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private Map<Integer, Long> perHour(Day day, String column, String table, String condition) {
    List<?> rows =
        within(day, PER_HOUR.formatted(column, table, condition))
            .setParameter(1, day.from().toEpochMilli())
            .getResultList();
    Map<Integer, Long> counts = new HashMap<>();
    for (Object row : rows) {
      Object[] cells = (Object[]) row;
      counts.put(((Number) cells[0]).intValue(), ((Number) cells[1]).longValue());
    }
    return counts;
  }

  private List<StyleCount> styles(Day day) {
    List<?> rows = within(day, PER_STYLE).getResultList();
    return rows.stream()
        .map(row -> (Object[]) row)
        .map(cells -> style((String) cells[0], ((Number) cells[1]).longValue()))
        .toList();
  }

  private static StyleCount style(String id, long count) {
    return new StyleCount(id, Styles.builtIn().find(id).map(Style::name).orElse(id), count);
  }

  private Query within(Day day, String sql) {
    return em.createNativeQuery(sql)
        .setParameter(2, day.from().toEpochMilli())
        .setParameter(3, day.until().toEpochMilli());
  }
}
