package devfest.studio.delivery;

import devfest.studio.base.Backoff;
import devfest.studio.base.Millis;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a cursor on the log is, and for how long its receiver has failed. It is part of a job's
 * row and may only be changed while that row is locked. Not thread-safe.
 */
@Embeddable
public class Progress {

  /** From 5 seconds to 10 minutes, so a receiver that is back waits no longer than that. */
  private static final Backoff RETRIES =
      new Backoff(Duration.ofSeconds(5), 2, Duration.ofMinutes(10));

  /** The longest pause that a receiver can request. */
  private static final Duration LONGEST_RETRY = Duration.ofHours(1);

  private long position;
  private int failures;

  @Column(name = "failing_since")
  private @Nullable Instant failingSince;

  protected Progress() {}

  /**
   * @param position events above it are sent
   */
  public Progress(long position) {
    this.position = position;
  }

  /** Records that events up to a position were accepted or are not to be sent. */
  public void advance(long to) {
    position = to;
    forgive();
  }

  /** Forgets the failures. */
  public void forgive() {
    failures = 0;
    failingSince = null;
  }

  /**
   * Records a failure.
   *
   * @param giveUp how long a receiver may fail
   * @return the pause until the next attempt; empty if the receiver has failed for too long
   */
  public Optional<Duration> fail(Outcome outcome, Duration giveUp, Instant now) {
    failures++;
    failingSince = failingSince == null ? Millis.of(now) : failingSince;
    // A receiver that was not asked has not failed: the studio itself may have been off meanwhile.
    boolean often = failures >= giveUp.dividedBy(LONGEST_RETRY);
    if (often && Duration.between(failingSince, now).compareTo(giveUp) >= 0) {
      return Optional.empty();
    }
    return Optional.of(pause(outcome));
  }

  /**
   * Records a failure of which the receiver is not the cause, so it is not given up.
   *
   * @return the pause until the next attempt
   */
  public Duration postpone(Outcome outcome) {
    failures++;
    failingSince = null;
    return pause(outcome);
  }

  private Duration pause(Outcome outcome) {
    Duration wanted = shorter(outcome.retryAfter().orElse(Duration.ZERO), LONGEST_RETRY);
    Duration wait = RETRIES.after(failures);
    return wait.compareTo(wanted) > 0 ? wait : wanted;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  public long position() {
    return position;
  }

  /** Returns when the receiver began to fail; null if it has not failed since the last delivery. */
  public @Nullable Instant failingSince() {
    return failingSince;
  }
}
