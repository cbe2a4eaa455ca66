package devfest.studio.transformations;

import devfest.studio.base.Missing;
import devfest.studio.conference.Rules;
import devfest.studio.events.Visibility;
import devfest.studio.http.Cursor;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Leases;
import devfest.studio.jobs.Work;
import devfest.studio.photos.Discards;
import devfest.studio.photos.HiddenFiles;
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
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The durable queue of transformations. Each method runs in one short transaction or joins the
 * caller's. A change of a transformation commits together with its event. Safe for use from many
 * threads and nodes.
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
  private final Rules rules;
  private final HiddenFiles hiddenFiles;
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
      Rules rules,
      HiddenFiles hiddenFiles,
      TransformationSettings settings) {
    this.em = em;
    this.clock = clock;
    this.steps = steps;
    this.leases = leases;
    this.discards = discards;
    this.announcer = announcer;
    this.quota = quota;
    this.rules = rules;
    this.hiddenFiles = hiddenFiles;
    this.settings = settings;
  }

  /**
   * Queues a transformation.
   *
   * @throws QueueFull if the queue has reached its limit
   * @throws QuotaExhausted if the owner's daily quota is used up
   * @throws Missing if the photo has been deleted
   */
  Transformation add(Photo photo, String styleId) {
    checkLimit();
    if (em.find(Photo.class, photo.id(), LockModeType.PESSIMISTIC_WRITE) == null) {
      throw new Missing("photo");
    }
    Transformation transformation =
        new Transformation(photo, styleId, display(photo), clock.instant());
    em.persist(transformation);
    enqueue(transformation);
    return transformation;
  }

  private Display display(Photo photo) {
    if (photo.visibility() != Visibility.PUBLIC) {
      return Display.SHOWN;
    }
    return rules.approvalFirst() || hasHidden(photo) ? Display.WAITING : Moderation.approved(rules);
  }

  /** Whether organisers or reports have hidden a picture of the photo. */
  private boolean hasHidden(Photo photo) {
    return em.createQuery(
                "select count(t) from Transformation t where t.photoId = :photo"
                    + " and t.display = :hidden",
                Long.class)
            .setParameter("photo", photo.id())
            .setParameter("hidden", Display.HIDDEN)
            .getSingleResult()
        > 0;
  }

  private void checkLimit() {
    if (count(Status.QUEUED) >= settings.queueLimit()) {
      throw new QueueFull();
    }
  }

  /** Returns the number of transformations with this status, on all nodes. */
  public long count(Status status) {
    return em.createQuery(
            "select count(t) from Transformation t where t.status = :status", Long.class)
        .setParameter("status", status)
        .getSingleResult();
  }

  /**
   * Returns the position in the queue; 1 is the next to start. Jobs start in the order in which
   * they became due, so a job that waits for its next attempt is behind all jobs that are due
   * earlier, and jobs that are queued during that wait move ahead of it.
   */
  long position(Transformation transformation) {
    return 1
        + new Cursor(
                Objects.requireNonNull(
                    transformation.lease().dueAt(), "A queued job is due at a time"),
                transformation.id())
            .bind(
                em.createQuery(
                    "select count(t) from Transformation t where t.status = :queued and "
                        + Cursor.condition("t.lease.dueAt", "t.id"),
                    Long.class))
            .setParameter("queued", Status.QUEUED)
            .getSingleResult();
  }

  /** Records that a worker has claimed the transformation, in the claiming transaction. */
  void started(Transformation transformation) {
    if (transformation.start(clock.instant())) {
      publish(Step.Kind.STARTED, transformation);
    }
  }

  /** Marks the transformation as failed, in the transaction that ends the claim. */
  void failed(Transformation transformation, String reason) {
    transformation.fail(reason, clock.instant());
    publish(Step.Kind.FAILED, transformation);
  }

  /**
   * Records the progress of a transformation.
   *
   * @param fraction 0 to 1
   * @param step name of the current step
   * @return false if the attempt has lost its claim
   */
  boolean progress(Work<Transformation> work, Attempt attempt, double fraction, String step) {
    Optional<Transformation> claimed = leases.lockClaimed(work, attempt);
    claimed.ifPresent(
        transformation -> {
          transformation.progress(fraction, step);
          publish(Step.Kind.PROGRESS, transformation);
        });
    return claimed.isPresent();
  }

  /**
   * Schedules the deletion of the result, which the attempt is about to write, in one hour unless
   * {@link #complete} is called before. The attempts at a job write the same blobs and share a
   * guard, so the guard of an earlier attempt cannot delete the result of a later one.
   *
   * @return false if the attempt has lost its claim
   * @throws IllegalStateException if the blobs of an earlier attempt are being deleted
   */
  boolean guard(Work<Transformation> work, Attempt attempt) {
    Optional<Transformation> claimed = leases.lockClaimed(work, attempt);
    claimed.ifPresent(
        transformation -> discards.guard(transformation.id(), transformation.resultKeys()));
    return claimed.isPresent();
  }

  /**
   * Marks the transformation as completed and keeps its guarded result.
   *
   * @return false if the attempt has lost its claim
   * @throws IllegalStateException if the guard has expired
   */
  boolean complete(Work<Transformation> work, Attempt attempt) {
    Optional<Transformation> claimed = leases.lockClaimed(work, attempt);
    claimed.ifPresent(
        transformation -> {
          discards.keep(transformation.id());
          transformation.complete(clock.instant());
          if (transformation.display() == Display.COVERED && rules.revealed()) {
            transformation.display(Display.SHOWN); // revealed just before it was queued
          }
          publish(Step.Kind.COMPLETED, transformation);
        });
    return claimed.isPresent();
  }

  /** Whether the transformation was cancelled or deleted, so nobody needs its result. */
  boolean isCancelled(String id) {
    Transformation transformation = em.find(Transformation.class, id);
    return transformation == null || transformation.status() == Status.CANCELLED;
  }

  private void enqueue(Transformation transformation) {
    publish(Step.Kind.QUEUED, transformation);
    leases.added(Transformation.class);
  }

  /**
   * Updates the quota, then publishes the step. The quota row is locked before the log's head,
   * which is always locked last.
   */
  private void publish(Step.Kind kind, Transformation transformation) {
    switch (kind) {
      case QUEUED -> quota.charge(transformation);
      case FAILED, CANCELLED -> quota.refund(transformation);
      default -> {
        // the quota does not change
      }
    }
    Step step = new Step(kind, transformation);
    announcer.announce(step);
    steps.fire(step);
  }

  /**
   * Cancels a transformation and stops its worker.
   *
   * @throws AlreadyFinal if it has ended
   * @throws Missing if it does not exist
   */
  Transformation cancel(String id) {
    Transformation transformation = lockExisting(id);
    if (transformation.status().isFinal()) {
      throw new AlreadyFinal(transformation.status());
    }
    cancel(transformation);
    return transformation;
  }

  private void cancel(Transformation transformation) {
    transformation.cancel(clock.instant());
    publish(Step.Kind.CANCELLED, transformation);
    leases.ended(transformation);
  }

  /** Cancels a transformation and stops its worker, unless it has ended or does not exist. */
  void cancelIfOpen(String id) {
    Transformation transformation = lock(id);
    if (transformation != null && transformation.isOpen()) {
      cancel(transformation);
    }
  }

  /**
   * Queues a failed transformation again.
   *
   * @throws NotFailed if it has not failed
   * @throws QueueFull if the queue has reached its limit
   * @throws QuotaExhausted if the owner's daily quota is used up
   * @throws Missing if it does not exist
   */
  Transformation retry(String id) {
    Transformation transformation = lockExisting(id);
    if (transformation.status() != Status.FAILED) {
      throw new NotFailed(transformation.status());
    }
    checkLimit();
    transformation.retry(clock.instant());
    enqueue(transformation);
    return transformation;
  }

  /** Deletes the transformations of a deleted photo and cancels those that have not ended. */
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
        quota.refund(transformation);
        deletion.announce(announcer.event(new Step(Step.Kind.CANCELLED, transformation)));
        leases.ended(transformation);
      }
      transformation.resultKeys().forEach(deletion::discard);
      forgetModeration(transformation.id());
      em.remove(transformation);
    }
    em.flush();
  }

  private void forgetModeration(String id) {
    hiddenFiles.remove(List.of(id));
    int ignored =
        em.createQuery("delete from Report r where r.key.transformationId = :id")
            .setParameter("id", id)
            .executeUpdate();
  }

  private Transformation lockExisting(String id) {
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
