package devfest.studio.feeds.github;

import devfest.studio.base.DomainException;
import devfest.studio.http.Outage;
import devfest.studio.log.Pruned;
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
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Works on deliveries after they were answered, and on those that a stopped node has left. */
@Singleton
@Startup
@DependsOn("Studio")
@Lock(LockType.READ)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Worker {

  private static final Logger LOG = System.getLogger(Worker.class.getName());

  @Inject private Deliveries deliveries;
  @Resource private ManagedExecutorService executor;
  @Resource private ManagedScheduledExecutorService scheduler;
  private ScheduledFuture<?> ticking;

  /**
   * Not by the server's timer: Payara drops one that meets a lost connection twice, even caught.
   */
  @PostConstruct
  void start() {
    ticking = scheduler.scheduleWithFixedDelay(this::lookAround, 3, 3, TimeUnit.SECONDS);
  }

  @PreDestroy
  void stop() {
    ticking.cancel(false);
  }

  public void take(@Observes(during = TransactionPhase.AFTER_SUCCESS) Deliveries.Waiting waiting) {
    try {
      executor.execute(() -> work(waiting.id()));
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "Full or stopping: it is found when it has waited", e);
    }
  }

  /** What is no longer in the log is kept no longer here. */
  public void forget(@Observes(during = TransactionPhase.AFTER_SUCCESS) Pruned pruned) {
    try {
      executor.execute(() -> deliveries.prune(pruned.position()));
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "Full or stopping: the next pruning takes them along", e);
    }
  }

  void lookAround() {
    try {
      deliveries.forgotten().forEach(this::work);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Waiting deliveries can't be looked up, tries again", e);
    }
  }

  private void work(String id) {
    try {
      deliveries.work(id);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "GitHub delivery " + id + " can't be worked on", e);
      if (Outage.of(e).isPresent()) {
        return; // it is found again
      }
      fail(id, reason(e));
    }
  }

  private void fail(String id, Optional<String> reason) {
    try {
      deliveries.fail(id, reason);
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "Not even that can be noted: it is found again", e);
    }
  }

  /** The sentence for people behind the failure; empty for a fault that may pass. */
  private static Optional<String> reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DomainException refusal) {
        return Optional.of(refusal.getMessage());
      }
    }
    return Optional.empty();
  }
}
