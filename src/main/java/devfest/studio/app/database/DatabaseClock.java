package devfest.studio.app.database;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The application's clock: PostgreSQL's time, so that all nodes agree on leases, expiries and the
 * time of the log, whatever their own clocks show. With the embedded database it is the system
 * clock.
 *
 * <p>PostgreSQL's time is measured at the start and regularly; in between {@link System#nanoTime}
 * continues it, so that reading it needs no query and steps of the system clock have no effect. A
 * measurement is uncertain by half of its round trip. The time is changed only if it is outside the
 * measured range; so it steps, also backwards, only when the database's clock does. Before the
 * first measurement it is the system clock. Safe for use from many threads.
 */
@ApplicationScoped
public class DatabaseClock extends Clock {

  private static final Logger LOG = System.getLogger(DatabaseClock.class.getName());

  private static final String QUERY =
      "select cast(extract(epoch from clock_timestamp()) * 1000000 as bigint)";

  /** A measurement with a shorter round trip needs no repetition: leases last seconds. */
  private static final Duration SHORT = Duration.ofMillis(5);

  /** The most repetitions to find a short round trip, for a database that is far away or busy. */
  private static final int SAMPLES = 5;

  /** A larger difference to the system clock is logged; synchronised clocks differ by less. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private final boolean remote;
  private final LongSupplier nanos;
  private final InstantSource system;
  private volatile @Nullable Sample base;
  private boolean warned;

  /** Asks the database for its time. */
  @FunctionalInterface
  interface Query {
    Instant now() throws SQLException;
  }

  /**
   * The time of the database at a reading of the ticker.
   *
   * @param uncertainty the largest possible error, in nanoseconds
   */
  private record Sample(Instant at, long nanos, long uncertainty) {

    Instant atNanos(long later) {
      return at.plusNanos(later - nanos);
    }
  }

  @Inject
  DatabaseClock(DatabaseSettings settings) {
    this(settings.url().isPresent(), System::nanoTime, Clock.systemUTC());
  }

  /**
   * @param remote whether the database has a clock of its own
   * @param nanos the ticker that continues the measured time
   * @param system the clock of this machine
   */
  DatabaseClock(boolean remote, LongSupplier nanos, InstantSource system) {
    this.remote = remote;
    this.nanos = nanos;
    this.system = system;
  }

  /**
   * Measures the database's time.
   *
   * @throws SQLException if the database is not available; the clock then goes on as before
   */
  public void measure(DataSource database) throws SQLException {
    if (!remote) {
      return;
    }
    try (Connection connection = database.getConnection();
        PreparedStatement select = connection.prepareStatement(QUERY)) {
      measure(() -> now(select));
    }
  }

  private static Instant now(PreparedStatement select) throws SQLException {
    try (ResultSet row = select.executeQuery()) {
      row.next();
      return Instant.EPOCH.plus(row.getLong(1), ChronoUnit.MICROS);
    }
  }

  synchronized void measure(Query query) throws SQLException {
    Sample best = sample(query);
    for (int i = 1; i < SAMPLES && best.uncertainty() > SHORT.toNanos() / 2; i++) {
      Sample next = sample(query);
      if (next.uncertainty() < best.uncertainty()) {
        best = next;
      }
    }
    Sample current = base;
    if (current == null || isOutside(current.atNanos(best.nanos()), best)) {
      base = best;
    }
    compare();
  }

  private Sample sample(Query query) throws SQLException {
    long before = nanos.getAsLong();
    Instant at = query.now();
    long uncertainty = (nanos.getAsLong() - before) / 2;
    return new Sample(at, before + uncertainty, uncertainty);
  }

  private static boolean isOutside(Instant time, Sample sample) {
    return Duration.between(sample.at(), time).abs().toNanos() > sample.uncertainty();
  }

  /** Logs once that the clocks differ, until they no longer do. */
  private void compare() {
    Duration ahead = Duration.between(instant(), system.instant());
    boolean differs = ahead.abs().compareTo(TOLERANCE) > 0;
    if (differs && !warned) {
      LOG.log(
          Level.WARNING,
          "The clock of this machine is {0} s {1} the database''s, which the studio uses."
              + " Synchronise both with a time server",
          ahead.abs().toSeconds(),
          ahead.isNegative() ? "behind" : "ahead of");
    }
    warned = differs;
  }

  @Override
  public Instant instant() {
    Sample sample = base;
    return sample == null ? system.instant() : sample.atNanos(nanos.getAsLong());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    InstantSource time = () -> instant();
    return time.withZone(zone);
  }
}
