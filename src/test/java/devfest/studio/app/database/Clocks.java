package devfest.studio.app.database;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;

/** Clocks of nodes whose machines show a wrong time. */
public final class Clocks {

  private Clocks() {}

  /** The clock of a node on a machine whose system clock and ticker are ahead. */
  public static DatabaseClock ahead(Duration ahead, DataSource database) throws SQLException {
    DatabaseClock clock =
        new DatabaseClock(
            true,
            () -> System.nanoTime() + ahead.toNanos(),
            Clock.offset(Clock.systemUTC(), ahead));
    clock.measure(database);
    return clock;
  }
}
