package devfest.studio.transformations;

import devfest.studio.base.Missing;
import devfest.studio.photos.Photo;
import devfest.studio.photos.PhotoDeletion;
import devfest.studio.photos.Storage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The durable queue. Each method is one short transaction in which a transformation takes a step
 * and the step is announced. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
public class JobQueue {

  /** How long a claim holds without being renewed. */
  static final Duration LEASE = Duration.ofSeconds(10);

  private static final int CANDIDATES = 8;

  @Inject private EntityManager em;
  @Inject private Clock clock;
  @Inject private Event<Step> steps;
  @Inject private Storage storage;
  @Inject private Announcer announcer;
  @Inject private Quota quota;

  @Inject private TransformationSettings settings;

  /**
   * @throws QueueFull when too many wait already
   * @throws QuotaExhausted when the owner's quota is used up
   * @throws Missing when the photo was deleted meanwhile
   */
  Transformation add(Photo photo, String styleId) {
    checkRoom();
    if (em.find(Photo.class, photo.id(), LockModeType.PESSIMISTIC_WRITE) == null) {
      throw new Missing("photo");
    }
    Transformation transformation = new Transformation(photo, styleId, clock.instant());
    em.persist(transformation);
    steps.fire(new Step(Step.Kind.QUEUED, transformation));
    return transformation;
  }

  private void checkRoom() {
    if (count(Status.QUEUED) >= settings.queueLimit()) {
      throw new QueueFull();
    }
  }

  /** How many there are of a status, on all nodes. */
  public long count(Status status) {
    return em.createQuery(
            "select count(t) from Transformation t where t.status = :status", Long.class)
        .setParameter("status", status)
        .getSingleResult();
  }

  /** How many are worked on before this one, plus one. */
  long position(Transformation transformation) {
    return 1
        + em.createQuery(
                "select count(t) from Transformation t where t.status = :queued"
                    + " and (t.queuedAt < :at or (t.queuedAt = :at and t.id < :id))",
                Long.class)
            .setParameter("queued", Status.QUEUED)
            .setParameter("at", transformation.queuedAt())
            .setParameter("id", transformation.id())
            .getSingleResult();
  }

  /** Takes the job that has waited longest, or one whose worker has died. */
  Optional<Job> claim() {
    Instant now = clock.instant();
    List<String> candidates =
        em.createQuery(
                "select t.id from Transformation t where (t.status = :queued and t.dueAt <= :now)"
                    + " or (t.status = :processing and t.claimedTill < :now)"
                    + " order by t.queuedAt, t.id",
                String.class)
            .setParameter("queued", Status.QUEUED)
            .setParameter("processing", Status.PROCESSING)
            .setParameter("now", now)
            .setMaxResults(CANDIDATES)
            .getResultList();
    for (String id : candidates) {
      Transformation job = lock(id);
      if (job != null && job.claimable(now)) {
        if (job.attempts() >= settings.attempts()) {
          job.fail("The studio stopped each time it worked on this", now);
          steps.fire(new Step(Step.Kind.FAILED, job));
          return Optional.empty();
        }
        String claim = UUID.randomUUID().toString();
        if (job.claim(claim, now, LEASE)) {
          steps.fire(new Step(Step.Kind.STARTED, job));
        }
        return Optional.of(new Job(id, job.photoId(), job.styleId(), claim));
      }
    }
    return Optional.empty();
  }

  /** Lets the claim hold for another lease. One row a transaction, so that locks can't cross. */
  void renew(Job job) {
    em.createQuery(
            "update Transformation t set t.claimedTill = :till where t.id = :id and t.claim = :claim")
        .setParameter("till", clock.instant().plus(LEASE))
        .setParameter("id", job.id())
        .setParameter("claim", job.claim())
        .executeUpdate();
  }

  /**
   * @return false when the job is no longer the worker's
   */
  boolean progress(Job job, double fraction, String step) {
    return move(
        job,
        transformation -> {
          transformation.progress(fraction, step);
          steps.fire(new Step(Step.Kind.PROGRESS, transformation));
        });
  }

  /**
   * @return false when the job is no longer the worker's
   */
  boolean complete(Job job) {
    return move(
        job,
        transformation -> {
          transformation.complete(clock.instant());
          steps.fire(new Step(Step.Kind.COMPLETED, transformation));
        });
  }

  /** Tries again a little later, or fails for good after the last attempt. */
  boolean fail(Job job, String reason) {
    return move(
        job,
        transformation -> {
          if (transformation.attempts() < settings.attempts()) {
            transformation.postpone(
                clock.instant(), Duration.ofSeconds(1L << transformation.attempts()));
          } else {
            transformation.fail(reason, clock.instant());
            steps.fire(new Step(Step.Kind.FAILED, transformation));
          }
        });
  }

  /** Gives an unfinished job back. */
  boolean release(Job job) {
    return move(job, transformation -> transformation.release(clock.instant()));
  }

  private boolean move(Job job, Consumer<Transformation> step) {
    Transformation transformation = lock(job.id());
    if (transformation == null || !transformation.heldBy(job.claim())) {
      return false;
    }
    step.accept(transformation);
    return true;
  }

  /**
   * @throws AlreadyFinal when it has ended
   */
  Transformation cancel(String id) {
    Transformation transformation = existing(id);
    if (transformation.status().isFinal()) {
      throw new AlreadyFinal(transformation.status());
    }
    transformation.cancel(clock.instant());
    steps.fire(new Step(Step.Kind.CANCELLED, transformation));
    return transformation;
  }

  /**
   * @throws NotFailed when it has not failed
   */
  Transformation retry(String id) {
    Transformation transformation = existing(id);
    if (transformation.status() != Status.FAILED) {
      throw new NotFailed(transformation.status());
    }
    checkRoom();
    transformation.retry(clock.instant());
    steps.fire(new Step(Step.Kind.QUEUED, transformation));
    return transformation;
  }

  /** With a photo go the transformations of it; what is unfinished of them is cancelled. */
  void delete(@Observes PhotoDeletion deletion) {
    List<Transformation> all =
        em.createQuery(
                "select t from Transformation t where t.photoId = :photoId order by t.createdAt",
                Transformation.class)
            .setParameter("photoId", deletion.photoId())
            .setLockMode(LockModeType.PESSIMISTIC_WRITE)
            .getResultList();
    for (Transformation transformation : all) {
      if (!transformation.status().isFinal()) {
        transformation.cancel(clock.instant());
        quota.giveBack(transformation);
        Step step = new Step(Step.Kind.CANCELLED, transformation);
        deletion.announce(announcer.event(step));
      }
      deletion.discard(storage.result(transformation.id()));
      deletion.discard(storage.resultThumbnail(transformation.id()));
      em.remove(transformation);
    }
    em.flush();
  }

  private Transformation existing(String id) {
    Transformation transformation = lock(id);
    if (transformation == null) {
      throw new Missing("transformation");
    }
    return transformation;
  }

  private Transformation lock(String id) {
    return em.find(Transformation.class, id, LockModeType.PESSIMISTIC_WRITE);
  }
}
