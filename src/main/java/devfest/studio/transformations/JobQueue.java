package devfest.studio.transformations;

import devfest.studio.base.Missing;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Leases;
import devfest.studio.jobs.Work;
import devfest.studio.photos.Discards;
import devfest.studio.photos.Photo;
import devfest.studio.photos.PhotoDeletion;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The durable queue. Each method is one short transaction, or joins the caller's, in which a
 * transformation takes a step and the step is announced. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
public class JobQueue {

  private final EntityManager em;
  private final Clock clock;
  private final Event<Step> steps;
  private final Leases leases;
  private final Discards discards;
  private final Announcer announcer;
  private final Quota quota;
  private final TransformationSettings settings;

  @Inject
  JobQueue(
      EntityManager em,
      Clock clock,
      Event<Step> steps,
      Leases leases,
      Discards discards,
      Announcer announcer,
      Quota quota,
      TransformationSettings settings) {
    this.em = em;
    this.clock = clock;
    this.steps = steps;
    this.leases = leases;
    this.discards = discards;
    this.announcer = announcer;
    this.quota = quota;
    this.settings = settings;
  }

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
    queued(transformation);
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

  /** Notes that a worker has claimed it, in that transaction. */
  void started(Transformation transformation) {
    if (transformation.start(clock.instant())) {
      step(Step.Kind.STARTED, transformation);
    }
  }

  /** Ends one that can't be done, in the transaction that decides so. */
  void failed(Transformation transformation, String reason) {
    transformation.fail(reason, clock.instant());
    step(Step.Kind.FAILED, transformation);
  }

  /**
   * @return false when the job is no longer the worker's
   */
  boolean progress(Work<Transformation> work, Attempt attempt, double fraction, String step) {
    Optional<Transformation> held = leases.held(work, attempt);
    held.ifPresent(
        transformation -> {
          transformation.progress(fraction, step);
          step(Step.Kind.PROGRESS, transformation);
        });
    return held.isPresent();
  }

  /**
   * @return false when the job is no longer the worker's
   */
  boolean complete(Work<Transformation> work, Attempt attempt) {
    Optional<Transformation> held = leases.held(work, attempt);
    held.ifPresent(
        transformation -> {
          transformation.complete(clock.instant());
          step(Step.Kind.COMPLETED, transformation);
        });
    return held.isPresent();
  }

  /** Whether it is there and has not ended. */
  boolean isOpen(String id) {
    Transformation transformation = em.find(Transformation.class, id);
    return transformation != null && transformation.isOpen();
  }

  private void queued(Transformation transformation) {
    step(Step.Kind.QUEUED, transformation);
    leases.added(Transformation.class);
  }

  /** Does what a step means, row locks before that of the log's head. */
  private void step(Step.Kind kind, Transformation transformation) {
    switch (kind) {
      case QUEUED -> quota.take(transformation);
      case FAILED, CANCELLED -> quota.giveBack(transformation);
      default -> {
        // counts as before
      }
    }
    Step step = new Step(kind, transformation);
    announcer.announce(step);
    steps.fire(step);
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
    step(Step.Kind.CANCELLED, transformation);
    leases.ended(transformation);
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
    queued(transformation);
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
      if (transformation.isOpen()) {
        transformation.cancel(clock.instant());
        quota.giveBack(transformation);
        deletion.announce(announcer.event(new Step(Step.Kind.CANCELLED, transformation)));
        leases.ended(transformation);
        discards.addLater(transformation.resultKeys());
      }
      transformation.resultKeys().forEach(deletion::discard);
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

  private @Nullable Transformation lock(String id) {
    return em.find(Transformation.class, id, LockModeType.PESSIMISTIC_WRITE);
  }
}
