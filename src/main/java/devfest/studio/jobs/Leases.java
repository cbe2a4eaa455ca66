package devfest.studio.jobs;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Claims, renews and releases jobs of all kinds. Each method runs in one short transaction or joins
 * the caller's. Safe for use from many threads and nodes.
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

  /**
   * Notifies the workers of this node that jobs of this kind are due, once the caller's transaction
   * has committed.
   */
  @Transactional(TxType.MANDATORY)
  public void added(Class<? extends Job> type) {
    changed.fire(new JobsChanged(type, Optional.empty()));
  }

  /** Stops this node's attempt at a job once the caller's transaction has committed. */
  @Transactional(TxType.MANDATORY)
  public void ended(Job job) {
    changed.fire(new JobsChanged(job.getClass(), Optional.of(job.id())));
  }

  /**
   * A job that can be claimed.
   *
   * @param user whose job it is; empty if the number of jobs of a user is not limited
   */
  public record Found(String id, String user) {}

  /**
   * The due jobs of one kind.
   *
   * @param jobs those that can be claimed, the longest overdue first
   * @param next the time until another job can be claimed, at most the time of the search
   */
  public record Due(List<Found> jobs, Duration next) {}

  /**
   * Finds the jobs that can be claimed, and when the next one becomes due or loses its claim.
   *
   * @param busy users whose jobs are not searched
   * @param limit the largest number of jobs to find
   * @param ahead how far ahead to search for the next job
   */
  public <J extends Job> Due due(Work<J> work, Collection<String> busy, int limit, Duration ahead) {
    Instant now = clock.instant();
    Instant next = now.plus(ahead);
    boolean shared = work.perUser() < Integer.MAX_VALUE;
    TypedQuery<Object[]> query =
        em.createQuery(
                "select j.id, j.lease.dueAt, j.lease.claimedTill"
                    + (shared ? ", j.userId" : "")
                    + " from "
                    + work.type().getSimpleName()
                    + " j where "
                    + (work.openStatuses().isEmpty() ? "" : "j.status in :open and ")
                    + (busy.isEmpty() ? "" : "j.userId not in :busy and ")
                    + "j.lease.dueAt <= :end"
                    + " and (j.lease.claimedTill is null or j.lease.claimedTill < :end)"
                    + " order by j.lease.dueAt, j.id",
                Object[].class)
            .setParameter("end", next)
            .setMaxResults(2 * limit); // among them are jobs that soon lose their claim
    if (!work.openStatuses().isEmpty()) {
      query.setParameter("open", work.openStatuses());
    }
    if (!busy.isEmpty()) {
      query.setParameter("busy", busy);
    }
    List<Found> jobs = new ArrayList<>();
    for (Object[] row : query.getResultList()) {
      Instant at = claimableAt((Instant) row[1], (Instant) row[2], now);
      if (!at.isAfter(now)) {
        jobs.add(new Found((String) row[0], shared ? (String) row[3] : ""));
      } else if (at.isBefore(next)) {
        next = at;
      }
    }
    return new Due(jobs.subList(0, Math.min(limit, jobs.size())), Duration.between(now, next));
  }

  private static Instant claimableAt(Instant dueAt, @Nullable Instant claimedTill, Instant now) {
    if (claimedTill == null || claimedTill.isBefore(now) || claimedTill.isBefore(dueAt)) {
      return dueAt;
    }
    return claimedTill.plusMillis(1); // a claim holds until then
  }

  /** Returns for how long a job has waited that could be claimed; zero if none waits. */
  public <J extends Job> Duration overdue(Work<J> work) {
    Instant now = clock.instant();
    TypedQuery<Instant> query =
        em.createQuery(
                "select j.lease.dueAt from "
                    + work.type().getSimpleName()
                    + " j where "
                    + (work.openStatuses().isEmpty() ? "" : "j.status in :open and ")
                    + "j.lease.dueAt <= :now"
                    + " and (j.lease.claimedTill is null or j.lease.claimedTill < :now)"
                    + " order by j.lease.dueAt",
                Instant.class)
            .setParameter("now", now)
            .setMaxResults(1);
    if (!work.openStatuses().isEmpty()) {
      query.setParameter("open", work.openStatuses());
    }
    return query
        .getResultStream()
        .findFirst()
        .map(at -> Duration.between(at, now))
        .orElse(Duration.ZERO);
  }

  /**
   * Claims a job.
   *
   * @return empty if another worker has claimed the job, if it is no longer due, or if it has had
   *     its maximum number of attempts, which ends it
   */
  public <J extends Job> Optional<J> claim(Work<J> work, Attempt attempt) {
    Instant now = clock.instant();
    @Nullable J job = lock(work, attempt.jobId());
    if (job == null || !job.isOpen() || !job.lease().isClaimable(now)) {
      return Optional.empty();
    }
    if (job.lease().attempts() >= work.maxAttempts()) {
      work.failed(job, work.faultMessage());
      return Optional.empty();
    }
    job.lease().claim(attempt.claim(), now, work.lease());
    work.claimed(job);
    return Optional.of(job);
  }

  /**
   * Extends a claim by another lease. Each call locks a single row, so renewals cannot deadlock.
   *
   * @return false if the attempt has lost its claim
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
   * @return empty if the job has ended or the attempt has lost its claim
   */
  public <J extends Job> Optional<J> lockClaimed(Work<J> work, Attempt attempt) {
    return Optional.ofNullable(lock(work, attempt.jobId()))
        .filter(job -> job.isOpen() && job.lease().isClaimedBy(attempt.claim()));
  }

  /**
   * Releases the claim on an unfinished job, does not count its attempt, and notifies workers that
   * the job is due.
   */
  <J extends Job> void release(Work<J> work, Attempt attempt) {
    lockClaimed(work, attempt)
        .ifPresent(
            job -> {
              job.lease().release();
              work.requeued(job);
              added(work.type());
            });
  }

  /**
   * Releases the claim because of an outage, does not count its attempt, and schedules the job
   * after the pause. The job moves behind all jobs that are due by then, so a job that needs more
   * space than there is does not delay the others.
   */
  <J extends Job> void suspend(Work<J> work, Attempt attempt, Duration pause) {
    lockClaimed(work, attempt)
        .ifPresent(
            job -> {
              job.lease().release();
              job.lease().postpone(clock.instant().plus(pause));
              work.requeued(job);
            });
  }

  /**
   * Records a failed attempt: the job is retried later, or fails if this was the last attempt.
   *
   * @param reason why the attempt failed; shown to users
   * @param permanent whether the job fails without further attempts
   * @return whether the attempt still had its claim
   */
  <J extends Job> boolean fail(Work<J> work, Attempt attempt, String reason, boolean permanent) {
    Optional<J> claimed = lockClaimed(work, attempt);
    claimed.ifPresent(
        job -> {
          int attempts = job.lease().attempts();
          if (permanent || attempts >= work.maxAttempts()) {
            work.failed(job, reason);
          } else {
            job.lease().postpone(clock.instant().plus(work.backoff().after(attempts)));
            work.requeued(job);
          }
        });
    return claimed.isPresent();
  }

  private <J extends Job> @Nullable J lock(Work<J> work, String id) {
    return em.find(work.type(), id, LockModeType.PESSIMISTIC_WRITE);
  }
}
