package devfest.studio.app.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class DatabaseClockTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  /** The true time, which the database shows; the machine's clock is 15 s ahead. */
  private Instant time = NOON;

  private long nanos = 42;
  private final Deque<Duration> roundTrips = new ArrayDeque<>();
  private Duration error = Duration.ZERO;
  private int queries;

  private final DatabaseClock clock = clock(true);

  private DatabaseClock clock(boolean remote) {
    return new DatabaseClock(remote, () -> nanos, () -> time.plusSeconds(15));
  }

  private void pass(Duration duration) {
    time = time.plus(duration);
    nanos += duration.toNanos();
  }

  /** The database takes its time at the end of the request: the worst case. */
  private Instant query() {
    queries++;
    pass(roundTrips.isEmpty() ? Duration.ofMillis(1) : roundTrips.remove());
    return time.plus(error);
  }

  private void measure(long... millis) throws SQLException {
    for (long each : millis) {
      roundTrips.add(Duration.ofMillis(each));
    }
    queries = 0;
    clock.measure(this::query);
  }

  private long millisAhead() {
    return Duration.between(time, clock.instant()).toMillis();
  }

  @Test
  void itIsTheDatabasesTimeWhateverTheMachineShows() throws SQLException {
    assertEquals(15_000, millisAhead(), "not measured yet");
    measure();
    assertTrue(millisAhead() <= 1, () -> "ahead by " + millisAhead());
    pass(Duration.ofHours(1));
    assertTrue(millisAhead() <= 1, "no query is needed to go on");
    assertEquals(1, queries);
  }

  @Test
  void theMeasurementWithTheShortestRoundTripCounts() throws SQLException {
    measure(3_000, 800, 20, 600, 1_000);
    assertEquals(10, millisAhead());
    assertEquals(5, queries, "no round trip was short");
  }

  @Test
  void aLessExactMeasurementDoesNotMoveTheClock() throws SQLException {
    measure(2);
    long ahead = millisAhead();
    pass(Duration.ofMinutes(1));
    measure(400, 400, 400, 400, 400);
    assertEquals(ahead, millisAhead());
  }

  @Test
  void aMoreExactMeasurementCorrectsTheClock() throws SQLException {
    measure(400, 400, 400, 400, 400);
    assertEquals(200, millisAhead());
    measure(2);
    assertEquals(1, millisAhead());
  }

  @Test
  void itFollowsAFailoverToAMachineWithAnotherTime() throws SQLException {
    measure(2);
    error = Duration.ofSeconds(-30);
    measure(2);
    assertTrue(Math.abs(millisAhead() + 30_000) <= 2, () -> "ahead by " + millisAhead());
  }

  @Test
  void itGoesOnWhenTheDatabaseIsNotAvailable() throws SQLException {
    measure(2);
    assertThrows(
        SQLException.class,
        () ->
            clock.measure(
                () -> {
                  throw new SQLException("away");
                }));
    pass(Duration.ofMinutes(1));
    assertEquals(1, millisAhead());
  }

  @Test
  void withTheEmbeddedDatabaseItIsTheSystemClock() throws SQLException {
    DatabaseClock embedded = clock(false);
    embedded.measure((DataSource) null); // needs no connection
    assertEquals(NOON.plusSeconds(15), embedded.instant());
  }

  @Test
  void aClockOfAnotherZoneShowsTheSameInstant() throws SQLException {
    measure();
    assertEquals(clock.instant(), clock.withZone(ZoneId.of("Asia/Tokyo")).instant());
    assertEquals(List.of("Z"), List.of(clock.getZone().getId()));
  }
}
