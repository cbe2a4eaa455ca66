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
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How many transformations a user may have made in a day. What is accepted counts on the day of its
 * acceptance, and is given back to that day when it fails or is cancelled. Safe for use from many
 * threads and nodes: a row is only ever changed by one update that checks the limit itself.
 */
@ApplicationScoped
@Transactional
public class Quota {

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
   * A user's day so far.
   *
   * @param remaining null when there is no limit
   * @param limit 0 for none
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

  /** Removes the days that nothing can be given back to any more. */
  public void prune() {
    int ignored =
        em.createQuery("delete from QuotaDay q where q.day > 0 and q.day < :oldest")
            .setParameter("oldest", today() - KEPT_DAYS)
            .executeUpdate();
  }

  /** The present day, since 1970-01-01 in the quota's zone. */
  public long today() {
    return LocalDate.ofInstant(clock.instant(), settings.zone()).toEpochDay();
  }

  private Instant end(long day) {
    return LocalDate.ofEpochDay(day + 1).atStartOfDay(settings.zone()).toInstant();
  }

  /**
   * Counts a transformation that is queued.
   *
   * @throws QuotaExhausted when the owner's day is used up
   */
  void take(Transformation transformation) {
    String user = transformation.userId();
    long day = today();
    begin(user, day);
    if (add(user, day) == 0) {
      Duration wait = Duration.between(clock.instant(), end(day)).plusSeconds(1);
      throw new QuotaExhausted(settings.perDay(), end(day), wait);
    }
    transformation.use(day);
    changed.fire(new Changed("quota", user));
  }

  private int add(String user, long day) {
    return em.createQuery(
            "update QuotaDay q set q.used = q.used + 1"
                + " where q.userId = :user and q.day = :day and q.used < :limit")
        .setParameter("user", user)
        .setParameter("day", day)
        .setParameter("limit", settings.perDay() == 0 ? Integer.MAX_VALUE : settings.perDay())
        .executeUpdate();
  }

  /** The first of a day opens it, one user at a time. */
  private void begin(String user, long day) {
    QuotaDay.Key key = new QuotaDay.Key(user, day);
    if (em.find(QuotaDay.class, key) == null) {
      em.find(QuotaDay.class, QuotaDay.Key.GUARD, LockModeType.PESSIMISTIC_WRITE);
      if (em.find(QuotaDay.class, key) == null) {
        em.persist(new QuotaDay(user, day));
        em.flush();
      }
    }
  }

  /** Gives back what a transformation counts, once. */
  void giveBack(Transformation transformation) {
    transformation
        .giveBack()
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
