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
 * A connection that outlives the database's restart. It opens when it is first used. Outside a
 * transaction it is validated, and opened anew when it is dead, if it has been idle or any other
 * connection has failed meanwhile. So the servers' pools need no setting, which would differ from
 * one to the other, and never see a database that is away: they would log each failure. As safe for
 * threads as a connection.
 */
final class LastingConnection implements InvocationHandler {

  /** Opens a connection to the database. */
  @FunctionalInterface
  interface Opening {
    Connection open() throws SQLException;
  }

  private static final Logger LOG = System.getLogger(LastingConnection.class.getName());

  /** After half a second without use a connection is tested: a test per call would double them. */
  private static final long IDLE_NANOS = 500_000_000;

  /** A database that takes longer for a test counts as away. */
  private static final int PATIENCE_SECONDS = 2;

  /**
   * How often a connection has failed: one that has not been used since may be dead too. Static, as
   * the server's pool makes the connections.
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
        return closed; // to whoever pools it
      }
      case "close", "abort" -> {
        closed = true;
        return connection == null ? null : call(method, arguments);
      }
      case "setAutoCommit" -> {
        setAutoCommit((Boolean) arguments[0]);
        return null;
      }
      case "setClientInfo" -> { // Payara's pool sets none, and would log a dead connection
        return null;
      }
      case "getAutoCommit" -> {
        return !inTransaction;
      }
      default -> {
        if (connection == null && !needsDatabase(method.getName())) {
          return untouched(method.getName());
        }
      }
    }
    revive();
    return call(method, arguments);
  }

  /** What pools ask of, and do to, a connection on which nothing has happened yet. */
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

  /** The drivers' defaults, which nothing here changes. */
  private static @Nullable Object untouched(String method) {
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
        revive();
        connection.setAutoCommit(on);
      } catch (SQLException e) {
        failed(e);
        if (on && dead()) {
          abandon(); // as after a rollback
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
        failed(failure);
        if (method.getName().equals("rollback") && arguments == null && dead()) {
          abandon(); // with the connection the database has rolled all back
          return null;
        }
      }
      throw e.getTargetException();
    } finally {
      usedAt = System.nanoTime();
    }
  }

  private static void failed(SQLException failure) {
    if (Outage.isFatal(failure)) {
      FAILURES.incrementAndGet();
      Outage.DATABASE.begin(failure);
    }
  }

  private boolean dead() {
    Connection current = connection;
    try {
      return current == null || !current.isValid(PATIENCE_SECONDS);
    } catch (SQLException e) {
      return true;
    }
  }

  private void revive() throws SQLException {
    if (closed || (inTransaction && connection != null)) {
      return;
    }
    long now = FAILURES.get();
    if (connection != null) {
      if (now == failures && System.nanoTime() - usedAt < IDLE_NANOS) {
        return;
      }
      if (dead()) {
        abandon();
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

  private void abandon() {
    Connection dead = connection;
    connection = null;
    if (dead == null) {
      return;
    }
    try {
      dead.close();
    } catch (SQLException e) {
      LOG.log(Level.DEBUG, "A dead connection can't be closed", e);
    }
  }
}
