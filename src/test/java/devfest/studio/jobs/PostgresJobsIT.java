package devfest.studio.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.app.database.Clocks;
import devfest.studio.log.Database;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PostgresJobsIT extends JobsContract {

  @Override
  Database open() {
    return Database.postgres("chores");
  }

  @Test
  void nodesWhoseClocksDifferByMoreThanALeaseClaimAJobOnce() throws SQLException {
    List<Duration> skews = List.of(Duration.ofSeconds(15), Duration.ZERO, Duration.ofSeconds(-15));
    for (Duration first : skews) {
      for (Duration second : skews) {
        String id = first + " " + second;
        add(id);
        Attempt attempt = new Attempt(id, "", Optional.empty());
        assertTrue(leases(first).claim(idle, attempt).isPresent(), id);
        assertEquals(List.of(), leases(second).due(idle, List.of(), 10, Duration.ZERO).jobs(), id);
        assertFalse(
            leases(second).claim(idle, new Attempt(id, "", Optional.empty())).isPresent(), id);
        assertTrue(leases(first).renew(idle, attempt), id);
      }
    }
  }

  private Leases leases(Duration ahead) throws SQLException {
    Clock clock = Clocks.ahead(ahead, database.source());
    Duration error = Duration.between(Instant.now(), clock.instant());
    assertTrue(error.abs().toMillis() < 500, () -> "the clock is wrong by " + error);
    return transactions.leases(clock);
  }
}
