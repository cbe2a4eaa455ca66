package devfest.studio.transformations;

import devfest.studio.events.Changed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The daily quota of transformations per user. A transformation counts on the day of its acceptance
 * and is refunded to that day if it fails or is cancelled. Safe for use from many threads and
 * nodes: a row changes only through a single update statement that also checks the limit.
 */
@ApplicationScoped
@Transactional
public class Quota {

  /** Days for which a failed or cancelled transformation is still refunded. */
  private static final long KEPT_DAYS = 31;

  private final EntityManager em;
  private final Clock clock;
  private final Event<Changed> changed;
  private final QuotaSettings settings;

  @Inject
  Quota(EntityManager em, Clock clock, Event<Changed> changed, QuotaSettings settings) {
    this.em = em;
    this.clock = clock;
    this.changed = changed;
    this.settings = settings;
  }

  /**
   * The quota of a user for the current day.
   *
   * @param used transformations accepted today
   * @param remaining transformations left today; null without a limit
   * @param limit transformations per day; 0 for no limit
   * @param resetsAt start of the next day
   */
  @Schema(name = "Quota")
  public record State(
      int used,
      @Schema(nullable = true) @Nullable Integer remaining,
      int limit,
      Instant resetsAt) {}

  public State of(String userId) {
    long today = today();
    QuotaDay day = em.find(QuotaDay.class, new QuotaDay.Key(userId, today));
    int used = day == null ? 0 : day.used();
    @Nullable Integer remaining =
        settings.perDay() == 0 ? null : Integer.valueOf(Math.max(0, settings.perDay() - used));
    return new State(used, remaining, settings.perDay(), end(today));
  }

  /**
   * The use of the quota on one day.
   *
   * @param day in the quota's time zone
   */
  public record Day(LocalDate day, int used) {}

  /** Returns the days on which the user has used the quota, the newest first. */
  List<Day> days(String userId) {
    return em.createQuery(
            "select q.day, q.used from QuotaDay q where q.userId = :user order by q.day desc",
            Object[].class)
        .setParameter("user", userId)
        .getResultStream()
        .map(row -> new Day(LocalDate.ofEpochDay((Long) row[0]), (Integer) row[1]))
        .toList();
  }

  /** Deletes the rows of days that are too old for a refund. */
  public void prune() {
    int ignored =
        em.createQuery("delete from QuotaDay q where q.day > 0 and q.day < :oldest")
            .setParameter("oldest", today() - KEPT_DAYS)
            .executeUpdate();
  }

  /** Returns the current date in the quota's time zone, in days since 1970-01-01. */
  public long today() {
    return LocalDate.ofInstant(clock.instant(), settings.zone()).toEpochDay();
  }

  private Instant end(long day) {
    return LocalDate.ofEpochDay(day + 1).atStartOfDay(settings.zone()).toInstant();
  }

  /**
   * Counts a queued transformation.
   *
   * @throws QuotaExhausted if the owner's quota for today is used up
   */
  void charge(Transformation transformation) {
    String user = transformation.userId();
    long day = today();
    createDay(user, day);
    if (increment(user, day) == 0) {
      Duration wait = Duration.between(clock.instant(), end(day)).plusSeconds(1);
      throw new QuotaExhausted(settings.perDay(), end(day), wait);
    }
    transformation.chargeTo(day);
    changed.fire(new Changed("quota", user));
  }

  private int increment(String user, long day) {
    return em.createQuery(
            "update QuotaDay q set q.used = q.used + 1"
                + " where q.userId = :user and q.day = :day and q.used < :limit")
        .setParameter("user", user)
        .setParameter("day", day)
        .setParameter("limit", settings.perDay() == 0 ? Integer.MAX_VALUE : settings.perDay())
        .executeUpdate();
  }

  /** Creates the row of the day if it is missing. A guard row serialises concurrent inserts. */
  private void createDay(String user, long day) {
    QuotaDay.Key key = new QuotaDay.Key(user, day);
    if (em.find(QuotaDay.class, key) == null) {
      em.find(QuotaDay.class, QuotaDay.Key.GUARD, LockModeType.PESSIMISTIC_WRITE);
      if (em.find(QuotaDay.class, key) == null) {
        em.persist(new QuotaDay(user, day));
        em.flush();
      }
    }
  }

  /** Refunds the transformation unless it was refunded before. */
  void refund(Transformation transformation) {
    transformation
        .takeQuotaDay()
        .ifPresent(
            day -> {
              int ignored =
                  em.createQuery(
                          "update QuotaDay q set q.used = q.used - 1"
                              + " where q.userId = :user and q.day = :day and q.used > 0")
                      .setParameter("user", transformation.userId())
                      .setParameter("day", day)
                      .executeUpdate();
              changed.fire(new Changed("quota", transformation.userId()));
            });
  }
}
