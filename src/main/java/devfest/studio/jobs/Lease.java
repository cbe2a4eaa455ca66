package devfest.studio.jobs;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who works on a job and until when, how often it was tried, and when it is due. Part of the job's
 * row; change it only while that row is locked.
 */
@Embeddable
public class Lease {

  private @Nullable String claim;

  @Column(name = "claimed_till")
  private @Nullable Instant claimedTill;

  private int attempts;

  @Column(name = "due_at")
  private @Nullable Instant dueAt;

  protected Lease() {}

  /**
   * A job that nobody has tried yet.
   *
   * @param dueAt null for one that is not to be done for now
   */
  public Lease(@Nullable Instant dueAt) {
    schedule(dueAt);
  }

  /**
   * Makes the job due at an instant, as if it had not been tried yet. A present claim ends.
   *
   * @param at null for a job that is not to be done for now
   */
  public final void schedule(@Nullable Instant at) {
    end();
    attempts = 0;
    dueAt = at;
  }

  /** Whether a worker holds the job. */
  public boolean isClaimed(Instant now) {
    return claim != null && claimedTill != null && !claimedTill.isBefore(now);
  }

  boolean isClaimable(Instant now) {
    return dueAt != null && !dueAt.isAfter(now) && !isClaimed(now);
  }

  /** Gives the job to a worker, which counts as an attempt. */
  public void claim(String by, Instant now, Duration length) {
    claim = by;
    claimedTill = now.plus(length);
    attempts++;
  }

  boolean isHeldBy(String by) {
    return by.equals(claim);
  }

  /** Gives the job back after a failed attempt. */
  public void postpone(Instant to) {
    end();
    dueAt = to;
  }

  /** Gives the job back as if it had not been claimed. */
  public void release() {
    end();
    attempts--;
  }

  /** Ends the claim: the job has ended, or its owner takes it away from its worker. */
  public final void end() {
    claim = null;
    claimedTill = null;
  }

  /** How often the job was claimed, without the claims that were released. */
  public int attempts() {
    return attempts;
  }

  /** Null for a job that is not to be done for now. */
  public @Nullable Instant dueAt() {
    return dueAt;
  }
}
