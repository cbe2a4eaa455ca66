package devfest.studio.feeds.tasks;

import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.http.Ids;
import devfest.studio.log.EventLog;
import devfest.studio.log.Pruned;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
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
 * The tasks as they are stored. Each method is one short transaction; each step of a task commits
 * with the event that tells of it. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
class Tasks {

  static final String CHANNEL = "tasks";

  /** How long a claim holds without being renewed. */
  static final Duration LEASE = Duration.ofSeconds(15);

  private static final int ATTEMPTS = 3;
  private static final int OPEN_AT_ONCE = 3;
  private static final List<Task.Status> OPEN =
      List.of(Task.Status.PENDING, Task.Status.PROCESSING);

  /** Fired in the transaction in which a task is added. */
  record Waiting(String id) {}

  /** A task that one worker alone works on, for as long as its lease. */
  record Claimed(Task task, String claim) {}

  @Inject private EntityManager em;
  @Inject private EventLog log;
  @Inject private jakarta.enterprise.event.Event<Waiting> waiting;
  @Inject private Jsonb json;
  @Inject private Clock clock;

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
   * @throws TooManyTasks as {@link #checkRoom} does
   */
  Task add(Task task) {
    em.persist(task);
    log.append(List.of(event("task.created", task)));
    checkRoom(task.userId(), 0); // under the log's lock, so that those who race are counted too
    waiting.fire(new Waiting(task.id()));
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

  /** What waits for a worker, or has lost its own, oldest first. */
  List<String> due() {
    return em.createQuery(
            "select t.id from Task t where t.status in :open"
                + " and (t.claimedTill is null or t.claimedTill < :now) order by t.createdAt",
            String.class)
        .setParameter("open", OPEN)
        .setParameter("now", clock.instant())
        .setMaxResults(10)
        .getResultList();
  }

  /** Empty when somebody else was faster, or when it was tried often enough, which ends it. */
  Optional<Claimed> claim(String id) {
    String claim = UUID.randomUUID().toString();
    Instant now = clock.instant();
    Task task = lock(id);
    if (task == null || task.hasEnded()) {
      return Optional.empty();
    }
    if (task.attempts() >= ATTEMPTS && task.claim(claim, now, LEASE)) {
      end(
          task,
          t -> t.fail("It could not be worked on, though it was tried " + ATTEMPTS + " times"));
      return Optional.empty();
    }
    return task.claim(claim, now, LEASE) ? Optional.of(new Claimed(task, claim)) : Optional.empty();
  }

  /** Lets the claim hold for another lease. */
  void renew(Claimed claimed) {
    int ignored =
        em.createQuery("update Task t set t.claimedTill = :till where t.id = :id and t.claim = :c")
            .setParameter("till", clock.instant().plus(LEASE))
            .setParameter("id", claimed.task().id())
            .setParameter("c", claimed.claim())
            .executeUpdate();
  }

  /** Notes how far it is. */
  void advance(Claimed claimed, int percent) {
    step(claimed, task -> task.advance(percent));
  }

  /** Notes what became of a photo, in the transaction in which it is stored if it is. */
  void note(Claimed claimed, TaskPhoto photo, int percent) {
    em.persist(photo);
    advance(claimed, percent);
  }

  void complete(Claimed claimed) {
    step(claimed, Task::complete);
  }

  void fail(Claimed claimed, String reason) {
    step(claimed, task -> task.fail(reason));
  }

  /** Lets somebody else take it up at once, as if it had not been tried. */
  void release(Claimed claimed) {
    int ignored =
        em.createQuery(
                "update Task t set t.claimedTill = null, t.attempts = t.attempts - 1"
                    + " where t.id = :id and t.claim = :c")
            .setParameter("id", claimed.task().id())
            .setParameter("c", claimed.claim())
            .executeUpdate();
  }

  private void step(Claimed claimed, Consumer<Task> change) {
    Task task = lock(claimed.task().id());
    if (task == null || !task.heldBy(claimed.claim())) {
      throw new LostException();
    }
    end(task, change);
  }

  private void end(Task task, Consumer<Task> change) {
    change.accept(task);
    String type = task.hasEnded() ? "task." + task.progress().status() : "task.progress";
    long position = log.append(List.of(event(type, task))).get(0).position();
    if (task.hasEnded()) {
      task.endsAt(position);
    }
  }

  private Task lock(String id) {
    return em.find(Task.class, id, LockModeType.PESSIMISTIC_WRITE);
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

  /** The task is no longer the worker's. */
  static final class LostException extends RuntimeException {}
}
