package devfest.studio.feeds.posts;

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
import jakarta.inject.Inject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Publishes what is due. The schedule is in the database: a restart forgets nothing, and of several
 * nodes one claims a post and publishes it. A node that stops loses its claim after a while.
 */
@Singleton
@Startup
@DependsOn("Studio")
@Lock(LockType.READ)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Scheduler {

  private static final Logger LOG = System.getLogger(Scheduler.class.getName());
  private static final int AT_ONCE = 8;

  @Inject private Posts posts;
  @Inject private Outlet outlet;
  @Resource private ManagedExecutorService executor;

  @Resource private ManagedScheduledExecutorService scheduler;
  private ScheduledFuture<?> ticking;

  private final Set<String> publishing = ConcurrentHashMap.newKeySet();

  /**
   * Not by the server's timer: Payara drops one that meets a lost connection twice, even caught.
   */
  @PostConstruct
  void start() {
    ticking = scheduler.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
  }

  @PreDestroy
  void stop() {
    ticking.cancel(false);
  }

  void tick() {
    try {
      for (String id : publishing.size() < AT_ONCE ? posts.due() : List.<String>of()) {
        if (publishing.size() < AT_ONCE && publishing.add(id)) {
          begin(id);
        }
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "What is due can't be looked up, tries again", e);
    }
  }

  private void begin(String id) {
    try {
      executor.execute(() -> publish(id));
    } catch (RejectedExecutionException e) {
      publishing.remove(id); // the next tick finds it again
    }
  }

  private void publish(String id) {
    try {
      posts.claim(id).ifPresent(this::publish);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Post " + id + " could not be published, tries again", e);
    } finally {
      publishing.remove(id);
    }
  }

  private void publish(Posts.Claimed claimed) {
    try {
      outlet.publish(claimed.post());
      posts.published(claimed);
    } catch (Outlet.RefusedException e) {
      posts.failed(claimed, e.getMessage());
    } catch (IOException e) {
      LOG.log(Level.INFO, "Post " + claimed.post().id() + ": " + e.getMessage());
      posts.tryLater(claimed, e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // stopping: the claim runs out
    }
  }
}
