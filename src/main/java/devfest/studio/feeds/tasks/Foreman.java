package devfest.studio.feeds.tasks;

import devfest.studio.base.DomainException;
import devfest.studio.photos.Storage;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Lock;
import jakarta.ejb.LockType;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Has tasks worked on, a few at a time on this node, and keeps their claims alive. */
@Singleton
@Startup
@DependsOn("Studio")
@Lock(LockType.READ)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Foreman {

  private static final Logger LOG = System.getLogger(Foreman.class.getName());
  private static final int AT_ONCE = 2;

  @Inject private Tasks tasks;
  @Inject private Unpacker unpacker;
  @Inject private Storage storage;
  @Resource private ManagedExecutorService executor;

  /** By their ids; empty between the choice of one and its claim. */
  private final Map<String, Optional<Tasks.Claimed>> working = new ConcurrentHashMap<>();

  private volatile boolean stopping;

  @Resource private ManagedScheduledExecutorService scheduler;
  private final List<ScheduledFuture<?>> timers = new ArrayList<>();

  /**
   * Not by the server's timer: Payara drops one that meets a lost connection twice, even caught.
   */
  @PostConstruct
  void start() {
    timers.add(scheduler.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS));
    timers.add(scheduler.scheduleWithFixedDelay(this::tidy, 1, 1, TimeUnit.HOURS));
  }

  public void take(@Observes(during = TransactionPhase.AFTER_SUCCESS) Tasks.Waiting waiting) {
    begin(waiting.id());
  }

  void tick() {
    try {
      working.values().forEach(claimed -> claimed.ifPresent(tasks::renew));
      tasks.due().forEach(this::begin);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Tasks can't be looked up, tries again", e);
    }
  }

  /** A crash may come between an archive and its task, or between the end of a task and this. */
  void tidy() {
    try {
      for (String id : storage.oldArchives()) {
        if (tasks.find(id).filter(task -> !task.hasEnded()).isEmpty()) {
          storage.delete(List.of(storage.archive(id)));
        }
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Old archives can't be looked up, tries again", e);
    }
  }

  private synchronized void begin(String id) {
    if (stopping
        || working.size() >= AT_ONCE
        || working.putIfAbsent(id, Optional.empty()) != null) {
      return;
    }
    try {
      executor.execute(() -> work(id));
    } catch (RejectedExecutionException e) {
      working.remove(id); // the next tick finds it again
    }
  }

  private void work(String id) {
    try {
      Optional<Tasks.Claimed> claimed = tasks.claim(id);
      if (claimed.isPresent()) {
        working.put(id, claimed);
        work(claimed.get());
      }
      if (tasks.find(id).filter(Task::hasEnded).isPresent()) {
        storage.delete(List.of(storage.archive(id)));
      }
    } catch (Tasks.LostException e) {
      LOG.log(Level.INFO, "Task " + id + " is worked on by another node by now");
    } catch (IOException | RuntimeException | Error e) { // out of memory, too
      LOG.log(Level.WARNING, "Task " + id + " could not be worked on, tries again", e);
    } finally {
      working.remove(id);
    }
  }

  private void work(Tasks.Claimed claimed) throws IOException {
    try {
      unpacker.work(claimed, () -> stopping);
    } catch (DomainException refused) {
      tasks.fail(claimed, refused.getMessage());
    }
    if (stopping) {
      tasks.release(claimed);
    }
  }

  @PreDestroy
  void stop() {
    stopping = true;
  }
}
