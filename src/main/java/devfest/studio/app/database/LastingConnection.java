package devfest.studio.app.database;

import devfest.studio.http.Outage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A connection that survives a restart of the database. It connects on first use. Outside a
 * transaction it is validated, and reconnects if it is broken, when it has been idle or when any
 * other connection has failed since its last use. Thus the servers' pools need no validation
 * settings, which differ between servers, and never see an outage, of which they would log every
 * failure. As thread-safe as the wrapped connection.
 */
final class LastingConnection implements InvocationHandler {

  /** Opens a connection to the database. */
  @FunctionalInterface
  interface Opening {
    Connection open() throws SQLException;
  }

  private static final Logger LOG = System.getLogger(LastingConnection.class.getName());

  /**
   * Idle time after which a connection is validated. Validating on each call would double the
   * calls.
   */
  private static final long IDLE_NANOS = 500_000_000;

  /** A database that takes longer to validate a connection counts as unavailable. */
  private static final int VALIDATION_SECONDS = 2;

  /**
   * Number of failures of all connections. A connection that has not been used since the last
   * failure may be broken too. Static because the server's pool creates the connections.
   */
  private static final AtomicLong FAILURES = new AtomicLong();

  private final Opening opening;
  private @Nullable Connection connection;
  private boolean inTransaction;
  private boolean closed;
  private long usedAt;
  private long failures;

  private LastingConnection(Opening opening) {
    this.opening = opening;
  }

  static Connection of(Opening opening) {
    return (Connection)
        Proxy.newProxyInstance(
            LastingConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new LastingConnection(opening));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    switch (method.getName()) {
      case "equals" -> {
        return proxy == arguments[0];
      }
      case "hashCode" -> {
        return System.identityHashCode(proxy);
      }
      case "toString" -> {
        return "LastingConnection to " + connection;
      }
      case "isClosed" -> {
        return closed; // only a pool asks
      }
      case "close", "abort" -> {
        closed = true;
        return connection == null ? null : call(method, arguments);
      }
      case "setAutoCommit" -> {
        setAutoCommit((Boolean) arguments[0]);
        return null;
      }
      case "setClientInfo" -> { // ignored: Payara's pool passes no client info and would log a
        // broken connection
        return null;
      }
      case "getAutoCommit" -> {
        return !inTransaction;
      }
      default -> {
        if (connection == null && !needsDatabase(method.getName())) {
          return defaultValue(method.getName());
        }
      }
    }
    ensureConnected();
    return call(method, arguments);
  }

  /** False for methods that pools call on an unused connection and that need no database. */
  private static boolean needsDatabase(String method) {
    return switch (method) {
      case "rollback",
          "commit",
          "getTransactionIsolation",
          "setTransactionIsolation",
          "isReadOnly",
          "setReadOnly",
          "getWarnings",
          "clearWarnings" ->
          false;
      default -> true;
    };
  }

  /** Returns the driver's default, which the application never changes. */
  private static @Nullable Object defaultValue(String method) {
    return switch (method) {
      case "getTransactionIsolation" -> Connection.TRANSACTION_READ_COMMITTED;
      case "isReadOnly" -> false;
      default -> null;
    };
  }

  private void setAutoCommit(boolean on) throws SQLException {
    if (on == !inTransaction) {
      return;
    }
    if (connection != null) {
      try {
        ensureConnected();
        connection.setAutoCommit(on);
      } catch (SQLException e) {
        reportFailure(e);
        if (on && isBroken()) {
          discard(); // the database has rolled back
        } else {
          throw e;
        }
      }
    }
    inTransaction = !on;
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SQLException failure) {
        reportFailure(failure);
        if (method.getName().equals("rollback") && arguments == null && isBroken()) {
          discard(); // the database rolls back when the connection breaks
          return null;
        }
      }
      throw e.getTargetException();
    } finally {
      usedAt = System.nanoTime();
    }
  }

  private static void reportFailure(SQLException failure) {
    if (Outage.isFatal(failure)) {
      FAILURES.incrementAndGet();
      Outage.DATABASE.begin(failure);
    }
  }

  private boolean isBroken() {
    Connection current = connection;
    try {
      return current == null || !current.isValid(VALIDATION_SECONDS);
    } catch (SQLException e) {
      return true;
    }
  }

  private void ensureConnected() throws SQLException {
    if (closed || (inTransaction && connection != null)) {
      return;
    }
    long now = FAILURES.get();
    if (connection != null) {
      if (now == failures && System.nanoTime() - usedAt < IDLE_NANOS) {
        return;
      }
      if (isBroken()) {
        discard();
      }
    }
    if (connection == null) {
      open();
    }
    failures = now;
    Outage.DATABASE.end();
  }

  private void open() throws SQLException {
    try {
      Connection opened = opening.open();
      connection = opened;
      if (inTransaction) {
        opened.setAutoCommit(false);
      }
    } catch (SQLException e) {
      Outage.DATABASE.begin(e);
      throw e;
    }
  }

  private void discard() {
    Connection broken = connection;
    connection = null;
    if (broken == null) {
      return;
    }
    try {
      broken.close();
    } catch (SQLException e) {
      LOG.log(Level.DEBUG, "A broken connection could not be closed", e);
    }
  }
}
