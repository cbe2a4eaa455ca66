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
 * The shared countdown of a game. Not thread-safe.
 *
 * <p>It is stopped until it is started, runs until it is paused, completed or expired, and can be
 * reset at any time. The elapsed time grows from zero to the length and includes penalties.
 */
@Entity
@Table(name = "countdown")
class Countdown {

  /** The id of the only row. */
  static final int ID = 1;

  /** In milliseconds. */
  private static final long SECOND = 1_000;

  private static final int MILLIS = 3; // decimal places of a number of seconds

  /**
   * Tolerance for a small step of the system clock, in milliseconds; prevents a second update for
   * the same second.
   */
  private static final long TOLERANCE = 50;

  /**
   * The state at an instant. Times are in seconds with three decimal places.
   *
   * @param remaining time left
   * @param elapsed time used, including penalties
   * @param timestamp the instant as Unix time
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
   * Starts or resumes the countdown; does nothing if it is running.
   *
   * @param newLength new length, starting from the beginning; null to resume
   * @throws TimerOver if the countdown is to resume but is completed or has expired
   */
  void start(@Nullable Duration newLength, Instant now) {
    if (newLength != null) {
      reset(newLength);
    } else if (completed || usedAt(now) >= length) {
      throw new TimerOver("The timer has ended. Reset it before you start it.");
    }
    if (!isRunning(now)) {
      startedAt = Millis.of(now);
    }
  }

  /** Pauses the countdown; does nothing if it is not running. */
  void pause(Instant now) {
    used = usedAt(now);
    startedAt = null;
  }

  /**
   * Resets the countdown to its full length and stops it.
   *
   * @param newLength new length; null to keep the length
   */
  void reset(@Nullable Duration newLength) {
    if (newLength != null) {
      length = newLength.toMillis();
    }
    used = 0;
    startedAt = null;
    completed = false;
  }

  /**
   * Subtracts a penalty from the remaining time, down to zero.
   *
   * @throws TimerOver if it is completed or has expired
   */
  void penalise(Duration time, Instant now) {
    if (completed || usedAt(now) >= length) {
      throw new TimerOver("The timer has ended, so no penalty can be subtracted.");
    }
    used = Math.min(length, used + time.toMillis());
  }

  /** Completes the countdown because the game was won; only a reset can restart it. */
  void complete(Instant now) {
    pause(now);
    completed = true;
  }

  private long usedAt(Instant now) {
    long since = startedAt == null ? 0 : Math.max(0, startedAt.until(now, ChronoUnit.MILLIS));
    return Math.min(length, used + since);
  }

  private boolean isRunning(Instant now) {
    return startedAt != null && usedAt(now) < length;
  }

  State at(Instant now) {
    long usedNow = usedAt(now);
    return new State(
        "timer_update",
        seconds(length - usedNow),
        seconds(usedNow),
        seconds(now.toEpochMilli()),
        isRunning(now),
        completed);
  }

  private static BigDecimal seconds(long millis) {
    return BigDecimal.valueOf(millis, MILLIS);
  }

  /**
   * Returns the time until the next whole second of elapsed time; empty while the countdown is not
   * running.
   */
  Optional<Duration> untilNextSecond(Instant now) {
    if (!isRunning(now)) {
      return Optional.empty();
    }
    long usedNow = usedAt(now);
    long next = Math.min(length, ((usedNow + TOLERANCE) / SECOND + 1) * SECOND);
    return Optional.of(Duration.ofMillis(next - usedNow));
  }
}
