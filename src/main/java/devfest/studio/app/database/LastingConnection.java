package devfest.studio.app.database;

import devfest.studio.http.Outage;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A connection that outlives the database's: it leases a connection of the {@link Pool} when it
 * needs one, until the end of the transaction or, outside a transaction, until the last statement
 * is closed. Thus the servers' pools need neither a size nor validation settings, which differ
 * between servers, and never see an outage, of which they would log every failure. A statement that
 * is created in a transaction must not be used after it. As thread-safe as the leased connection.
 */
final class LastingConnection implements InvocationHandler {

  private final Pool pool;
  private Pool.@Nullable Pooled lease;
  private boolean inTransaction;
  private boolean closed;

  /** Open statements that were created outside a transaction. */
  private int statements;

  private LastingConnection(Pool pool) {
    this.pool = pool;
  }

  static Connection of(Pool pool) {
    return proxy(Connection.class, new LastingConnection(pool));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            LastingConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
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
        return "LastingConnection with " + lease;
      }
      case "isClosed" -> {
        return closed; // only a pool asks
      }
      case "close", "abort" -> {
        closed = true;
        discard();
        return null;
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
        if (lease == null && !needsDatabase(method.getName())) {
          return defaultValue(method.getName());
        }
      }
    }
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
          "clearWarnings",
          "beginRequest",
          "endRequest" ->
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
    Pool.Pooled leased = lease;
    if (leased != null) {
      try {
        leased.setAutoCommit(on);
      } catch (SQLException e) {
        reportFailure(e);
        if (on && leased.isBroken()) {
          discard(); // the database has rolled back
        } else {
          throw e;
        }
      }
    }
    inTransaction = !on;
    releaseIfUnused();
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    Pool.Pooled leased = leased(!method.getName().equals("getMetaData"));
    boolean ends = false;
    try {
      Object result = method.invoke(leased.connection(), arguments);
      ends = isEnd(method, arguments);
      return result instanceof Statement statement && !inTransaction ? counted(statement) : result;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SQLException failure) {
        reportFailure(failure);
        if (method.getName().equals("rollback") && arguments == null && leased.isBroken()) {
          discard(); // the database rolls back when the connection breaks
          return null;
        }
      }
      throw e.getTargetException();
    } finally {
      if (ends && statements == 0) {
        release();
      } else {
        releaseIfUnused();
      }
    }
  }

  /** Whether the call has ended the transaction; a rollback to a savepoint does not. */
  private static boolean isEnd(Method method, Object @Nullable [] arguments) {
    return arguments == null
        && (method.getName().equals("commit") || method.getName().equals("rollback"));
  }

  /** Passes all calls on, and notes when the statement is closed. */
  private Statement counted(Statement statement) {
    Class<? extends Statement> type =
        statement instanceof CallableStatement
            ? CallableStatement.class
            : statement instanceof PreparedStatement ? PreparedStatement.class : Statement.class;
    Pool.Pooled owner = lease;
    boolean[] open = {true};
    statements++;
    return proxy(
        type,
        (proxy, method, arguments) -> {
          try {
            return method.invoke(statement, arguments);
          } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SQLException failure) {
              reportFailure(failure);
            }
            throw e.getTargetException();
          } finally {
            if (open[0] && owner == lease && method.getName().equals("close")) {
              open[0] = false;
              statements--;
              releaseIfUnused();
            }
          }
        });
  }

  private void reportFailure(SQLException failure) {
    if (Outage.isFatal(failure)) {
      pool.reportFailure(failure);
    }
  }

  /**
   * @param patient whether to wait for a connection. WildFly's pool reads the metadata of each new
   *     connection, without need: a caller would wait twice
   */
  private Pool.Pooled leased(boolean patient) throws SQLException {
    Pool.Pooled leased = lease;
    if (leased != null) {
      return leased;
    }
    if (closed) {
      throw new SQLNonTransientConnectionException("The connection is closed", "08003");
    }
    leased = patient ? pool.lease(!inTransaction) : pool.leaseNow(!inTransaction);
    lease = leased;
    return leased;
  }

  private void releaseIfUnused() {
    if (!inTransaction && statements == 0) {
      release();
    }
  }

  private void release() {
    Pool.Pooled leased = lease;
    lease = null;
    if (leased != null) {
      pool.release(leased);
    }
  }

  private void discard() {
    Pool.Pooled leased = lease;
    lease = null;
    statements = 0;
    if (leased != null) {
      pool.discard(leased);
    }
  }
}
