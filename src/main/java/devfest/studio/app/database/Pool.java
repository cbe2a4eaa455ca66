package devfest.studio.app.database;

import devfest.studio.http.Outage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The connections of this node to the database. A {@link LastingConnection} leases one for a
 * transaction. The servers' pools cannot read their size from the settings, so they hold lasting
 * connections, which cost nothing, and this pool bounds the real ones.
 *
 * <p>The connection that was used last is leased first, so that those that a burst has opened
 * become idle and are closed. A connection is validated before a lease if it was idle or if any
 * other has failed since its last use. Callers are served in the order of their calls. Thread-safe.
 */
final class Pool implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Pool.class.getName());

  /** Opens a connection to the database. */
  @FunctionalInterface
  interface Opening {
    Connection open() throws SQLException;
  }

  /** A connection with what the pool knows about it. Used by one thread at a time. */
  static final class Pooled {

    private final Connection connection;
    private boolean autoCommit = true;
    private long usedAt = System.nanoTime();
    private long failures;

    private Pooled(Connection connection, long failures) {
      this.connection = connection;
      this.failures = failures;
    }

    Connection connection() {
      return connection;
    }

    @Override
    public String toString() {
      return connection.toString();
    }

    void setAutoCommit(boolean on) throws SQLException {
      if (on != autoCommit) {
        connection.setAutoCommit(on);
        autoCommit = on;
      }
    }

    boolean isBroken() {
      try {
        return !connection.isValid(VALIDATION_SECONDS);
      } catch (SQLException e) {
        return true;
      }
    }
  }

  /** PostgreSQL's SQLSTATE too_many_connections, also for the limits of a role or a database. */
  static final String TOO_MANY = "53300";

  /** How long a caller waits for a connection: longer than a burst, shorter than clients wait. */
  private static final Duration WAIT = Duration.ofSeconds(5);

  /** Pause between attempts to open a connection that the database refuses. */
  private static final Duration REFUSED = Duration.ofMillis(500);

  /**
   * Idle time after which a connection is validated: longer than the pauses of an idle node, whose
   * calls validations would double.
   */
  private static final long VALIDATION_NANOS = Duration.ofMillis(1_500).toNanos();

  /** A database that takes longer to validate a connection counts as unavailable. */
  private static final int VALIDATION_SECONDS = 2;

  /** A validation that fails and takes longer was not refused: the database does not respond. */
  private static final long UNRESPONSIVE_NANOS = Duration.ofSeconds(1).toNanos();

  /** Idle time after which a connection is closed, so that other nodes can use its place. */
  private static final long IDLE_NANOS = Duration.ofMinutes(1).toNanos();

  /** Pause between two warnings. */
  private static final long WARNING_NANOS = Duration.ofMinutes(1).toNanos();

  private final Opening opening;
  private final int size;
  private final Duration wait;
  private final Semaphore leases;
  private final BlockingDeque<Pooled> idle = new LinkedBlockingDeque<>();
  private final AtomicInteger open = new AtomicInteger();

  /** Failures of all connections. A connection that was not used since may be broken too. */
  private final AtomicLong failures = new AtomicLong();

  private final AtomicLong warnedAt = new AtomicLong(System.nanoTime() - WARNING_NANOS);
  private volatile boolean closed;

  Pool(Opening opening, int size) {
    this(opening, size, WAIT);
  }

  /**
   * @param size the largest number of connections
   * @param wait how long {@link #lease} waits
   */
  Pool(Opening opening, int size, Duration wait) {
    this.opening = opening;
    this.size = size;
    this.wait = wait;
    this.leases = new Semaphore(size, true);
  }

  /**
   * Leases a connection that works. The caller must pass it to {@link #release} or {@link
   * #discard}.
   *
   * @param autoCommit the mode of the connection
   * @throws SQLException if the database is not available; with the state {@value #TOO_MANY} if all
   *     connections stay in use or the database refuses more
   */
  Pooled lease(boolean autoCommit) throws SQLException {
    long deadline = System.nanoTime() + wait.toNanos();
    awaitLease();
    return lease(autoCommit, deadline);
  }

  /** Like {@link #lease}, but fails immediately if all connections are in use. */
  Pooled leaseNow(boolean autoCommit) throws SQLException {
    if (!leases.tryAcquire()) {
      throw new SQLTransientConnectionException("All connections are in use", TOO_MANY);
    }
    return lease(autoCommit, System.nanoTime());
  }

  private Pooled lease(boolean autoCommit, long deadline) throws SQLException {
    boolean leased = false;
    try {
      Pooled pooled = idleOrNew(deadline);
      try {
        pooled.setAutoCommit(autoCommit);
        leased = true;
      } finally {
        if (!leased) {
          close(pooled);
        }
      }
      Outage.DATABASE.end();
      return pooled;
    } catch (InterruptedException e) {
      throw interrupted(e);
    } finally {
      if (!leased) {
        leases.release();
      }
    }
  }

  private void awaitLease() throws SQLException {
    try {
      if (leases.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    String message = "All %d connections of this node (studio.db.pool) are in use".formatted(size);
    warn(message + "; calls that wait longer than " + wait.toSeconds() + " s get 503");
    throw new SQLTransientConnectionException(message, TOO_MANY);
  }

  private static SQLException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new SQLTransientConnectionException("Interrupted while waiting", TOO_MANY, e);
  }

  private Pooled idleOrNew(long deadline) throws SQLException, InterruptedException {
    @Nullable Pooled next = idle.pollFirst();
    while (true) {
      for (; next != null; next = idle.pollFirst()) {
        long began = System.nanoTime();
        if (works(next)) {
          return next;
        }
        close(next);
        if (System.nanoTime() - began > UNRESPONSIVE_NANOS) {
          closeIdle(); // each of them would take as long
        }
      }
      try {
        return open();
      } catch (SQLException e) {
        if (!TOO_MANY.equals(e.getSQLState()) || open.get() == 0) {
          Outage.DATABASE.begin(e);
          throw e;
        }
        warn(
            "The database refuses more than the %d connections that this node has, of %d"
                    .formatted(open.get(), size)
                + " (studio.db.pool): "
                + e.getMessage());
        if (System.nanoTime() > deadline) {
          throw e;
        }
      }
      next = idle.pollFirst(REFUSED.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private boolean works(Pooled pooled) {
    long now = failures.get();
    if (now == pooled.failures && System.nanoTime() - pooled.usedAt < VALIDATION_NANOS) {
      return true;
    }
    pooled.failures = now;
    try {
      pooled.setAutoCommit(true); // validating must not begin a transaction
      return !pooled.isBroken();
    } catch (SQLException e) {
      return false;
    }
  }

  private Pooled open() throws SQLException {
    long before = failures.get();
    open.incrementAndGet(); // first, so that a concurrent refusal is not taken for an outage
    boolean opened = false;
    try {
      Pooled pooled = new Pooled(opening.open(), before);
      opened = true;
      return pooled;
    } finally {
      if (!opened) {
        open.decrementAndGet();
      }
    }
  }

  /** Ends a lease. The connection has no transaction and no open statement. */
  void release(Pooled pooled) {
    pooled.usedAt = System.nanoTime();
    if (closed) {
      close(pooled);
    } else {
      idle.addFirst(pooled);
      closeUnused(pooled.usedAt);
    }
    leases.release();
  }

  /** Closes the connection that was idle for the longest time, if that is too long. */
  private void closeUnused(long now) {
    Pooled last = idle.pollLast();
    if (last == null) {
      return;
    }
    if (now - last.usedAt > IDLE_NANOS || closed) {
      close(last);
    } else {
      idle.addLast(last);
    }
  }

  /** Ends a lease and closes the connection, which is broken or in an unknown state. */
  void discard(Pooled pooled) {
    close(pooled);
    leases.release();
  }

  /** Reports that a call failed because a connection broke. */
  void reportFailure(SQLException failure) {
    failures.incrementAndGet();
    Outage.DATABASE.begin(failure);
  }

  private void close(Pooled pooled) {
    open.decrementAndGet();
    try {
      pooled.connection.close();
    } catch (SQLException e) {
      LOG.log(Level.DEBUG, "A connection could not be closed", e);
    }
  }

  private void warn(String message) {
    long last = warnedAt.get();
    long now = System.nanoTime();
    if (now - last >= WARNING_NANOS && warnedAt.compareAndSet(last, now)) {
      LOG.log(Level.WARNING, message);
    }
  }

  /** Closes the idle connections now, and each other connection at the end of its lease. */
  @Override
  public void close() {
    closed = true;
    closeIdle();
  }

  private void closeIdle() {
    for (Pooled next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
      close(next);
    }
  }
}
