package devfest.studio.jobs;

import devfest.studio.http.Outage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The leases of all kinds of jobs. Each method is one short transaction, or joins the caller's.
 * Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
public class Leases {

  private final EntityManager em;
  private final Clock clock;
  private final Event<JobsChanged> changed;

  @Inject
  public Leases(EntityManager em, Clock clock, Event<JobsChanged> changed) {
    this.em = em;
    this.clock = clock;
    this.changed = changed;
  }

  /** Has this node look for jobs of a kind once the caller's transaction has committed. */
  @Transactional(TxType.MANDATORY)
  public void added(Class<? extends Job> type) {
    changed.fire(new JobsChanged(type, Optional.empty()));
  }

  /** Stops this node's attempt at a job once the caller's transaction has committed. */
  @Transactional(TxType.MANDATORY)
  public void ended(Job job) {
    changed.fire(new JobsChanged(job.getClass(), Optional.of(job.id())));
  }

  /** The ids of jobs that can be claimed, the one that has been due longest first. */
  public <J extends Job> List<String> due(Work<J> work, int most) {
    TypedQuery<String> query =
        em.createQuery(
                "select j.id from "
                    + work.type().getSimpleName()
                    + " j where "
                    + (work.open().isEmpty() ? "" : "j.status in :open and ")
                    + "j.lease.dueAt <= :now"
                    + " and (j.lease.claimedTill is null or j.lease.claimedTill < :now)"
                    + " order by j.lease.dueAt, j.id",
                String.class)
            .setParameter("now", clock.instant())
            .setMaxResults(most);
    if (!work.open().isEmpty()) {
      query.setParameter("open", work.open());
    }
    return query.getResultList();
  }

  /**
   * Claims a job.
   *
   * @return empty when another worker was faster, when it is not due any more, or when it was tried
   *     often enough, which ends it
   */
  public <J extends Job> Optional<J> claim(Work<J> work, Attempt attempt) {
    Instant now = clock.instant();
    @Nullable J job = lock(work, attempt.jobId());
    if (job == null || !job.isOpen() || !job.lease().isClaimable(now)) {
      return Optional.empty();
    }
    if (job.lease().attempts() >= work.attempts()) {
      work.failed(job, work.fault());
      return Optional.empty();
    }
    job.lease().claim(attempt.claim(), now, work.lease());
    work.claimed(job);
    return Optional.of(job);
  }

  /**
   * Lets a claim hold for another lease. One row per transaction, so that locks can't cross.
   *
   * @return false when the attempt does not hold the job any more
   */
  public <J extends Job> boolean renew(Work<J> work, Attempt attempt) {
    return em.createQuery(
                "update "
                    + work.type().getSimpleName()
                    + " j set j.lease.claimedTill = :till"
                    + " where j.id = :id and j.lease.claim = :claim")
            .setParameter("till", clock.instant().plus(work.lease()))
            .setParameter("id", attempt.jobId())
            .setParameter("claim", attempt.claim())
            .executeUpdate()
        == 1;
  }

  /**
   * Locks the job of an attempt for a change in the caller's transaction.
   *
   * @return empty when the attempt does not hold the job any more
   */
  public <J extends Job> Optional<J> held(Work<J> work, Attempt attempt) {
    return Optional.ofNullable(lock(work, attempt.jobId()))
        .filter(job -> job.isOpen() && job.lease().isHeldBy(attempt.claim()));
  }

  /** Gives an unfinished job back, as if it had not been claimed. */
  <J extends Job> void release(Work<J> work, Attempt attempt) {
    held(work, attempt)
        .ifPresent(
            job -> {
              job.lease().release();
              work.returned(job);
            });
  }

  /** Gives a job back that met an outage, as if it had not been claimed, for a little later. */
  <J extends Job> void suspend(Work<J> work, Attempt attempt) {
    held(work, attempt)
        .ifPresent(
            job -> {
              job.lease().release();
              job.lease().postpone(clock.instant().plus(Outage.PAUSE));
              work.returned(job);
            });
  }

  /**
   * Notes a failed attempt: the job is tried again later, or has failed after the last attempt.
   *
   * @param lasting whether the job fails for good now
   * @return whether the attempt held the job
   */
  <J extends Job> boolean fail(Work<J> work, Attempt attempt, String reason, boolean lasting) {
    Optional<J> held = held(work, attempt);
    held.ifPresent(
        job -> {
          int attempts = job.lease().attempts();
          if (lasting || attempts >= work.attempts()) {
            work.failed(job, reason);
          } else {
            job.lease().postpone(clock.instant().plus(work.backoff().after(attempts)));
            work.returned(job);
          }
        });
    return held.isPresent();
  }

  private <J extends Job> @Nullable J lock(Work<J> work, String id) {
    return em.find(work.type(), id, LockModeType.PESSIMISTIC_WRITE);
  }
}
