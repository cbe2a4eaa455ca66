package devfest.studio.feeds.timer;

import devfest.studio.base.Millis;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The time that is left of a game for all.
 *
 * <p>It stands until it is started, runs until it is paused, completed or used up, and can be set
 * back at any time. What is used counts from zero up to its length, penalties included.
 */
@Entity
@Table(name = "countdown")
class Countdown {

  /** There is one. */
  static final int ID = 1;

  private static final long SECOND = 1_000;
  private static final int MILLIS = 3; // digits of a second

  /** What a clock that is set a little may be off. */
  private static final long SLACK = 50;

  /**
   * How it stands at an instant; what is left and what is used, and the instant itself since the
   * epoch, in seconds to the millisecond.
   */
  @Schema(name = "Timer")
  public record State(
      String type,
      BigDecimal remaining,
      BigDecimal elapsed,
      BigDecimal timestamp,
      boolean running,
      @JsonbProperty("game_completed") boolean gameCompleted) {}

  @Id private int id;

  @Column(name = "length")
  private long length;

  private long used;

  @Column(name = "started_at")
  private @Nullable Instant startedAt;

  private boolean completed;

  protected Countdown() {}

  Countdown(Duration length) {
    this.id = ID;
    this.length = length.toMillis();
  }

  /**
   * Goes on; when it runs already, nothing changes.
   *
   * @param anew how long it is to be, from its beginning; null to go on where it stands
   * @throws TimerOver when there is nothing left to go on with
   */
  void start(@Nullable Duration anew, Instant now) {
    if (anew != null) {
      reset(anew);
    } else if (completed || usedAt(now) >= length) {
      throw new TimerOver("The timer is over: reset it first");
    }
    if (!runs(now)) {
      startedAt = Millis.of(now);
    }
  }

  /** Stands still; when it does not run, nothing changes. */
  void pause(Instant now) {
    used = usedAt(now);
    startedAt = null;
  }

  /**
   * Back to the beginning, standing.
   *
   * @param anew how long it is to be; null for as long as before
   */
  void reset(@Nullable Duration anew) {
    if (anew != null) {
      length = anew.toMillis();
    }
    used = 0;
    startedAt = null;
    completed = false;
  }

  /**
   * Takes some of what is left.
   *
   * @throws TimerOver when it is over
   */
  void penalise(Duration time, Instant now) {
    if (completed || usedAt(now) >= length) {
      throw new TimerOver("The timer is over");
    }
    used = Math.min(length, used + time.toMillis());
  }

  /** The game was won: it stands for good. */
  void complete(Instant now) {
    pause(now);
    completed = true;
  }

  private long usedAt(Instant now) {
    long since = startedAt == null ? 0 : Math.max(0, startedAt.until(now, ChronoUnit.MILLIS));
    return Math.min(length, used + since);
  }

  private boolean runs(Instant now) {
    return startedAt != null && usedAt(now) < length;
  }

  State at(Instant now) {
    long usedNow = usedAt(now);
    return new State(
        "timer_update",
        seconds(length - usedNow),
        seconds(usedNow),
        seconds(now.toEpochMilli()),
        runs(now),
        completed);
  }

  private static BigDecimal seconds(long millis) {
    return BigDecimal.valueOf(millis, MILLIS);
  }

  /** How long until the next whole second of it; empty while it stands. */
  Optional<Duration> untilNextSecond(Instant now) {
    if (!runs(now)) {
      return Optional.empty();
    }
    long usedNow = usedAt(now);
    long next = Math.min(length, ((usedNow + SLACK) / SECOND + 1) * SECOND);
    return Optional.of(Duration.ofMillis(next - usedNow));
  }
}
