package devfest.studio.log;

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

  /** Removes the events from before an instant. */
  public static void prune(EntityManager em, Instant before) {
    boolean ignored = new Retention(em, reader(em), Transactions.silent()).prune(before);
  }
}
