package devfest.studio.users;

import devfest.studio.base.Backoff;
import devfest.studio.jobs.Attempt;
import devfest.studio.jobs.Work;
import devfest.studio.personal.Holding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Erases users. Each holding erases in short transactions, so other appends to the log wait only
 * briefly. The holdings are asked again until none has anything left, because the erasure of one
 * may leave events to another. An attempt that was interrupted is repeated from the start, on any
 * node.
 */
@ApplicationScoped
class Eraser implements Work<Erasure> {

  private final List<Holding> holdings;
  private final Erasures erasures;

  @Inject
  Eraser(@Any Instance<Holding> holdings, Erasures erasures) {
    this(holdings.stream().toList(), erasures);
  }

  Eraser(List<Holding> holdings, Erasures erasures) {
    this.holdings = holdings;
    this.erasures = erasures;
  }

  @Override
  public Class<Erasure> type() {
    return Erasure.class;
  }

  @Override
  public Set<? extends Enum<?>> openStatuses() {
    return Set.of();
  }

  /** Few, so that erasures leave most of the database to others. */
  @Override
  public int concurrency() {
    return 2;
  }

  /** Longer than any of the short transactions. */
  @Override
  public Duration lease() {
    return Duration.ofSeconds(15);
  }

  /** From one second, for a conflict with another transaction, to a minute. */
  @Override
  public Backoff backoff() {
    return new Backoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(1));
  }

  @Override
  public String faultMessage() {
    return "The user could not be erased.";
  }

  @Override
  public void run(Erasure erasure, Attempt attempt) {
    String user = erasure.userId();
    boolean ignored = repeat(holding -> holding.withdraw(user), attempt);
    while (repeat(holding -> holding.erase(user), attempt)) {
      attempt.check();
    }
    erasures.end(this, attempt);
  }

  /** Returns whether any holding had anything to do. */
  private boolean repeat(Predicate<Holding> step, Attempt attempt) {
    boolean any = false;
    for (Holding holding : holdings) {
      attempt.check();
      while (step.test(holding)) {
        any = true;
        attempt.check();
      }
    }
    return any;
  }
}
