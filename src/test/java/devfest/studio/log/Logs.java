package devfest.studio.log;

import devfest.studio.jobs.Transactions;
import jakarta.persistence.EntityManager;
import java.time.Clock;

/** Logs for tests of other packages. */
public final class Logs {

  private Logs() {}

  public static EventLog of(EntityManager em) {
    return new EventLog(em, Clock.systemUTC(), Transactions.silent());
  }
}
