package devfest.studio.log;

import devfest.studio.events.Filter;
import devfest.studio.jobs.Transactions;
import devfest.studio.tracing.Tracing;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Instant;

/** Logs for tests of other packages. */
public final class Logs {

  private Logs() {}

  public static EventLog of(EntityManager em) {
    return new EventLog(em, Clock.systemUTC(), Tracing.off(), Transactions.silent());
  }

  public static LogReader reader(EntityManager em) {
    return new LogReader(em, user -> user);
  }

  /** Reads a log that is pruned up to a position after its events were read. */
  public static LogReader prunedMeanwhile(EntityManager em, long pruned) {
    return new LogReader(em, user -> user) {
      @Override
      public Part part(Filter filter, long after, int limit) {
        Part part = super.part(filter, after, limit);
        LogBounds bounds = part.bounds();
        return new Part(
            part.events(), part.upTo(), new LogBounds(bounds.origin(), pruned, bounds.latest()));
      }
    };
  }

  /** Removes the events from before an instant. */
  public static void prune(EntityManager em, Instant before) {
    boolean ignored = new Retention(em, reader(em), Transactions.silent()).prune(before);
  }
}
