package devfest.studio.feeds.github;

import devfest.studio.base.Backoff;
import devfest.studio.base.DomainException;
import devfest.studio.jobs.Attempt;
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

/** Processes deliveries after GitHub has received its response. Safe for use from many threads. */
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
  public Set<? extends Enum<?>> openStatuses() {
    return EnumSet.of(Delivery.Status.RECEIVED);
  }

  /** Few, because each job is one short transaction. */
  @Override
  public int concurrency() {
    return 4;
  }

  /** Longer than a transaction takes. */
  @Override
  public Duration lease() {
    return Duration.ofSeconds(10);
  }

  /** Together about ten minutes, which bridges most temporary failures. */
  @Override
  public int maxAttempts() {
    return 14;
  }

  /** 3, 6, 12, 24 and 48 seconds, then one minute. */
  @Override
  public Backoff backoff() {
    return new Backoff(Duration.ofSeconds(3), 2, Duration.ofMinutes(1));
  }

  @Override
  public String faultMessage() {
    return "An internal error occurred. The log of the studio has the cause.";
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
        throw JobException.permanent(String.valueOf(refusal.getMessage()), e);
      }
      throw e;
    }
  }

  /** Returns the domain exception among the causes; null if the failure may be temporary. */
  private static @Nullable DomainException refusal(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DomainException refusal) {
        return refusal;
      }
    }
    return null;
  }

  /** Runs in a separate transaction, because the pruning transaction locks the log's head. */
  void forget(@Observes(during = TransactionPhase.AFTER_SUCCESS) Pruned pruned) {
    try {
      executor.execute(() -> deliveries.prune(pruned.position()));
    } catch (RejectedExecutionException e) {
      LOG.log(
          Level.DEBUG,
          "The executor is full or stopping; the next pruning deletes these deliveries",
          e);
    }
  }
}
