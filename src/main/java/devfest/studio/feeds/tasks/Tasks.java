package devfest.studio.feeds.tasks;

import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.http.Cursor;
import devfest.studio.http.Ids;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Leases;
import devfest.studio.jobs.Work;
import devfest.studio.log.EventLog;
import devfest.studio.log.Pruned;
import devfest.studio.personal.Rows;
import devfest.studio.photos.Discards;
import devfest.studio.security.Admission;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Stores tasks and appends their events. Each method runs in one short transaction or joins the
 * caller's. A change of a task commits together with its event. Safe for use from many threads and
 * nodes.
 */
@ApplicationScoped
@Transactional
class Tasks {

  static final String CHANNEL = "tasks";

  /** Per user, so that a single user cannot occupy all workers for long. */
  private static final int MAX_OPEN = 3;

  static final Set<Task.Status> OPEN = EnumSet.of(Task.Status.PENDING, Task.Status.PROCESSING);

  private final EntityManager em;
  private final EventLog log;
  private final Leases leases;
  private final Discards discards;
  private final Admission admission;
  private final Jsonb json;

  @Inject
  Tasks(
      EntityManager em,
      EventLog log,
      Leases leases,
      Discards discards,
      Admission admission,
      Jsonb json) {
    this.em = em;
    this.log = log;
    this.leases = leases;
    this.discards = discards;
    this.admission = admission;
    this.json = json;
  }

  /**
   * Checks that the user can start another task.
   *
   * @throws TooManyTasks if the user has reached the limit of open tasks
   */
  void checkLimit(String user) {
    checkLimit(user, 1);
  }

  private void checkLimit(String user, int more) {
    long open =
        em.createQuery(
                "select count(t) from Task t where t.userId = :user and t.status in :open",
                Long.class)
            .setParameter("user", user)
            .setParameter("open", OPEN)
            .getSingleResult();
    if (open + more > MAX_OPEN) {
      throw new TooManyTasks(MAX_OPEN);
    }
  }

  /**
   * Adds a task.
   *
   * @param guard id of the guard of the archive, which is kept from now on
   * @throws TooManyTasks if the user has reached the limit of open tasks
   */
  Task add(Task task, String guard) {
    admission.admit();
    discards.keep(guard);
    em.persist(task);
    log.append(List.of(event("task.created", task)));
    // The append has locked the log's head, so concurrent requests are counted too.
    checkLimit(task.userId(), 0);
    leases.added(Task.class);
    return task;
  }

  Optional<Task> find(String id) {
    return Optional.ofNullable(id).filter(Ids::possible).map(taskId -> em.find(Task.class, taskId));
  }

  /** Returns the ids of the user's open tasks, oldest first. */
  List<String> open(String user) {
    return em.createQuery(
            "select t.id from Task t where t.userId = :user and t.status in :open"
                + " order by t.createdAt",
            String.class)
        .setParameter("user", user)
        .setParameter("open", OPEN)
        .getResultList();
  }

  /** Returns the user's tasks, newest first. */
  List<Task> newest(String user, Cursor after, int limit) {
    return after
        .bind(
            em.createQuery(
                "select t from Task t where t.userId = :user and "
                    + Cursor.condition("t.createdAt", "t.id")
                    + " order by t.createdAt desc, t.id desc",
                Task.class))
        .setParameter("user", user)
        .setMaxResults(limit)
        .getResultList();
  }

  /**
   * Deletes tasks of the user with their archives, and stops their workers. The stored photos are
   * kept.
   *
   * @return the number of deleted tasks
   */
  int delete(String user, int limit) {
    List<Task> found = Rows.locked(em, Task.class, "userId", user, limit);
    for (Task task : found) {
      int ignored =
          em.createQuery("delete from TaskPhoto p where p.taskId = :id")
              .setParameter("id", task.id())
              .executeUpdate();
      em.remove(task);
      leases.ended(task);
    }
    discards.add(found.stream().map(task -> Task.archiveKey(task.id())).toList());
    return found.size();
  }

  List<TaskPhoto> photos(String id) {
    return em.createQuery(
            "select p from TaskPhoto p where p.taskId = :id order by p.number", TaskPhoto.class)
        .setParameter("id", id)
        .getResultList();
  }

  /** Sets the progress of a task in percent. */
  void advance(Work<Task> work, Attempt attempt, int percent) {
    change(work, attempt, task -> task.advance(percent));
  }

  /**
   * Stores the result for a photo; if the photo was accepted, this is part of the transaction that
   * stores it.
   */
  void record(Work<Task> work, Attempt attempt, TaskPhoto photo, int percent) {
    em.persist(photo);
    advance(work, attempt, percent);
  }

  void complete(Work<Task> work, Attempt attempt) {
    change(work, attempt, Task::complete);
  }

  /** Marks a task as failed, in the transaction that ends the claim. */
  void failed(Task task, String reason) {
    apply(task, t -> t.fail(reason));
  }

  /**
   * Changes the task of an attempt.
   *
   * @throws Attempt.StoppedException if the attempt has lost its claim
   */
  private void change(Work<Task> work, Attempt attempt, Consumer<Task> change) {
    apply(leases.lockClaimed(work, attempt).orElseThrow(attempt::lost), change);
  }

  private void apply(Task task, Consumer<Task> change) {
    change.accept(task);
    if (task.hasEnded()) {
      discards.add(List.of(Task.archiveKey(task.id())));
    }
    String type = task.hasEnded() ? "task." + task.progress().status() : "task.progress";
    long position = log.append(List.of(event(type, task))).get(0).position();
    if (task.hasEnded()) {
      task.setLastEvent(position);
    }
  }

  private Event event(String type, Task task) {
    return Event.of(type)
        .visibility(Visibility.PRIVATE)
        .userId(task.userId())
        .channel(CHANNEL + '/' + task.id())
        .data(json.toJson(task.progress()))
        .build();
  }

  /** Deletes ended tasks whose last event was pruned. */
  void prune(@Observes Pruned pruned) {
    String old = " from Task t where t.lastEvent <= :upTo";
    delete("delete from TaskPhoto p where p.taskId in (select t.id" + old + ")", pruned);
    delete("delete" + old, pruned);
  }

  private void delete(String statement, Pruned pruned) {
    int ignored = em.createQuery(statement).setParameter("upTo", pruned.position()).executeUpdate();
  }
}
