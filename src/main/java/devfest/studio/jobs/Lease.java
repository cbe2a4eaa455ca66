package devfest.studio.jobs;

import devfest.studio.tracing.Trace;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claim on a job with its expiry, the number of attempts, and the due time. A lease is part of
 * the job's row and may only be changed while that row is locked. Not thread-safe.
 */
@Embeddable
public class Lease {

  private @Nullable String claim;

  @Column(name = "claimed_till")
  private @Nullable Instant claimedTill;

  private int attempts;

  private @Nullable String traceparent;

  @Column(name = "due_at")
  private @Nullable Instant dueAt;

  protected Lease() {}

  /**
   * Creates the lease of a job without any attempt.
   *
   * @param dueAt when the job becomes due; null for a job that is not scheduled
   */
  public Lease(@Nullable Instant dueAt) {
    schedule(dueAt);
  }

  /** Creates the lease of a job that the present step of this thread's trace causes. */
  public static Lease traced(@Nullable Instant dueAt) {
    Lease lease = new Lease(dueAt);
    lease.traceparent = Trace.current();
    return lease;
  }

  /**
   * Schedules the job and resets its number of attempts. Ends the current claim, if any.
   *
   * @param at when the job becomes due; null to unschedule the job
   */
  public final void schedule(@Nullable Instant at) {
    end();
    attempts = 0;
    dueAt = at;
  }

  /** Whether a worker has an unexpired claim on the job. */
  public boolean isClaimed(Instant now) {
    return claim != null && claimedTill != null && !claimedTill.isBefore(now);
  }

  boolean isClaimable(Instant now) {
    return dueAt != null && !dueAt.isAfter(now) && !isClaimed(now);
  }

  /**
   * Claims the job for a worker and counts an attempt.
   *
   * @param by the claim token of the attempt
   * @param length how long the claim is valid unless it is renewed
   */
  public void claim(String by, Instant now, Duration length) {
    claim = by;
    claimedTill = now.plus(length);
    attempts++;
  }

  boolean isClaimedBy(String by) {
    return by.equals(claim);
  }

  /** Ends the claim after a failed attempt and schedules the next one. */
  public void postpone(Instant to) {
    end();
    dueAt = to;
  }

  /** Ends the claim and does not count its attempt. */
  public void release() {
    end();
    attempts--;
  }

  /** Counts at least one attempt, for work whose effects remain after a release. */
  public void markTried() {
    attempts = Math.max(1, attempts);
  }

  /** Ends the claim because the job has ended or its owner has changed it. */
  public final void end() {
    claim = null;
    claimedTill = null;
  }

  /** The number of claims, without released claims. */
  public int attempts() {
    return attempts;
  }

  /** The step that caused the job, as in {@link Trace}; empty if it was not traced. */
  Set<String> causes() {
    return traceparent == null ? Set.of() : Set.of(traceparent);
  }

  /** When the job becomes due; null for a job that is not scheduled. */
  public @Nullable Instant dueAt() {
    return dueAt;
  }
}
