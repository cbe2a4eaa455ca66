package devfest.studio.feeds.tasks;

import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.http.Ids;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Leases;
import devfest.studio.jobs.Work;
import devfest.studio.log.EventLog;
import devfest.studio.log.Pruned;
import devfest.studio.photos.Discards;
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
 * The tasks as they are stored. Each method is one short transaction; each step of a task commits
 * with the event that tells of it. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
class Tasks {

  static final String CHANNEL = "tasks";

  private static final int OPEN_AT_ONCE = 3;
  static final Set<Task.Status> OPEN = EnumSet.of(Task.Status.PENDING, Task.Status.PROCESSING);

  private final EntityManager em;
  private final EventLog log;
  private final Leases leases;
  private final Discards discards;
  private final Jsonb json;

  @Inject
  Tasks(EntityManager em, EventLog log, Leases leases, Discards discards, Jsonb json) {
    this.em = em;
    this.log = log;
    this.leases = leases;
    this.discards = discards;
    this.json = json;
  }

  /**
   * @throws TooManyTasks when the user has too many under way
   */
  void checkRoom(String user) {
    checkRoom(user, 1);
  }

  private void checkRoom(String user, int more) {
    long open =
        em.createQuery(
                "select count(t) from Task t where t.userId = :user and t.status in :open",
                Long.class)
            .setParameter("user", user)
            .setParameter("open", OPEN)
            .getSingleResult();
    if (open + more > OPEN_AT_ONCE) {
      throw new TooManyTasks(OPEN_AT_ONCE);
    }
  }

  /**
   * @param guard of the task's archive, which is kept from now on
   * @throws TooManyTasks as {@link #checkRoom} does
   */
  Task add(Task task, String guard) {
    discards.keep(guard);
    em.persist(task);
    log.append(List.of(event("task.created", task)));
    checkRoom(task.userId(), 0); // under the log's lock, so that those who race are counted too
    leases.added(Task.class);
    return task;
  }

  Optional<Task> find(String id) {
    return Optional.ofNullable(id).filter(Ids::possible).map(known -> em.find(Task.class, known));
  }

  /** The ids of the user's that have not ended. */
  List<String> open(String user) {
    return em.createQuery(
            "select t.id from Task t where t.userId = :user and t.status in :open"
                + " order by t.createdAt",
            String.class)
        .setParameter("user", user)
        .setParameter("open", OPEN)
        .getResultList();
  }

  List<TaskPhoto> photos(String id) {
    return em.createQuery(
            "select p from TaskPhoto p where p.taskId = :id order by p.number", TaskPhoto.class)
        .setParameter("id", id)
        .getResultList();
  }

  /** Notes how far it is. */
  void advance(Work<Task> work, Attempt attempt, int percent) {
    step(work, attempt, task -> task.advance(percent));
  }

  /** Notes what became of a photo, in the transaction in which it is stored if it is. */
  void note(Work<Task> work, Attempt attempt, TaskPhoto photo, int percent) {
    em.persist(photo);
    advance(work, attempt, percent);
  }

  void complete(Work<Task> work, Attempt attempt) {
    step(work, attempt, Task::complete);
  }

  /** Ends a task in an error, in the transaction that decides so. */
  void failed(Task task, String reason) {
    end(task, t -> t.fail(reason));
  }

  /**
   * @throws Attempt.StoppedException when the task is no longer the worker's
   */
  private void step(Work<Task> work, Attempt attempt, Consumer<Task> change) {
    end(leases.held(work, attempt).orElseThrow(attempt::lost), change);
  }

  private void end(Task task, Consumer<Task> change) {
    change.accept(task);
    if (task.hasEnded()) {
      discards.add(List.of(Task.archiveKey(task.id())));
    }
    String type = task.hasEnded() ? "task." + task.progress().status() : "task.progress";
    long position = log.append(List.of(event(type, task))).get(0).position();
    if (task.hasEnded()) {
      task.endsAt(position);
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

  /** Those that have ended go with their last event. */
  void prune(@Observes Pruned pruned) {
    String old = " from Task t where t.lastEvent <= :upTo";
    delete("delete from TaskPhoto p where p.taskId in (select t.id" + old + ")", pruned);
    delete("delete" + old, pruned);
  }

  private void delete(String what, Pruned pruned) {
    int ignored = em.createQuery(what).setParameter("upTo", pruned.position()).executeUpdate();
  }
}
