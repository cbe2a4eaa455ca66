package devfest.studio.feeds.github;

import devfest.studio.base.DomainException;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Backoff;
import devfest.studio.jobs.JobException;
import devfest.studio.jobs.Work;
import devfest.studio.log.Pruned;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Works on deliveries after they were answered. */
@ApplicationScoped
class Worker implements Work<Delivery> {

  private static final Logger LOG = System.getLogger(Worker.class.getName());

  private final Deliveries deliveries;
  @Resource private ManagedExecutorService executor;

  @Inject
  Worker(Deliveries deliveries) {
    this.deliveries = deliveries;
  }

  @Override
  public Class<Delivery> type() {
    return Delivery.class;
  }

  @Override
  public Set<? extends Enum<?>> open() {
    return EnumSet.of(Delivery.Status.RECEIVED);
  }

  /** Each is one short transaction. */
  @Override
  public int places() {
    return 4;
  }

  @Override
  public Duration lease() {
    return Duration.ofSeconds(10);
  }

  /** Ten minutes or so, for a fault that may pass. */
  @Override
  public int attempts() {
    return 14;
  }

  @Override
  public Backoff backoff() {
    return new Backoff(Duration.ofSeconds(3), 2, Duration.ofMinutes(1));
  }

  @Override
  public String fault() {
    return "Something went wrong here; the log of the studio has the cause";
  }

  @Override
  public void failed(Delivery delivery, String reason) {
    deliveries.failed(delivery, reason);
  }

  @Override
  public void run(Delivery delivery, Attempt attempt) throws JobException {
    try {
      deliveries.work(this, attempt);
    } catch (RuntimeException e) {
      @Nullable DomainException refusal = refusal(e);
      if (refusal != null) {
        throw JobException.lasting(String.valueOf(refusal.getMessage()), e);
      }
      throw e;
    }
  }

  /** The sentence for people behind a failure; null for a fault that may pass. */
  private static @Nullable DomainException refusal(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DomainException refusal) {
        return refusal;
      }
    }
    return null;
  }

  /** In a transaction of its own, as that of the pruning holds the lock on the log's head. */
  void forget(@Observes(during = TransactionPhase.AFTER_SUCCESS) Pruned pruned) {
    try {
      executor.execute(() -> deliveries.prune(pruned.position()));
    } catch (RejectedExecutionException e) {
      LOG.log(Level.DEBUG, "Full or stopping: the next pruning takes them along", e);
    }
  }
}
