package devfest.studio.app;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A connection that outlives the database's restart: when one that has been idle is used again,
 * outside a transaction, it is looked at first, and opened anew if it is dead. So the servers'
 * pools need no setting, which would differ from one to the other. As safe for threads as a
 * connection.
 */
final class LastingConnection implements InvocationHandler {

  /** Opens a connection to the database. */
  @FunctionalInterface
  interface Opening {
    Connection open() throws SQLException;
  }

  private static final Logger LOG = System.getLogger(LastingConnection.class.getName());
  private static final long IDLE_NANOS = 500_000_000;
  private static final int PATIENCE_SECONDS = 2;

  private final Opening opening;
  private Connection connection;
  private boolean inTransaction;
  private boolean closed;
  private boolean suspect;
  private long usedAt = System.nanoTime();

  private LastingConnection(Opening opening) throws SQLException {
    this.opening = opening;
    this.connection = opening.open();
  }

  static Connection of(Opening opening) throws SQLException {
    return (Connection)
        Proxy.newProxyInstance(
            LastingConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new LastingConnection(opening));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    switch (method.getName()) {
      case "equals" -> {
        return proxy == arguments[0];
      }
      case "hashCode" -> {
        return System.identityHashCode(proxy);
      }
      case "close", "abort" -> closed = true;
      case "isClosed" -> {
        return closed; // to whoever pools it
      }
      default -> revive();
    }
    try {
      Object result = method.invoke(connection, arguments);
      if (method.getName().equals("setAutoCommit")) {
        inTransaction = Boolean.FALSE.equals(arguments[0]);
      }
      return result;
    } catch (InvocationTargetException e) {
      if (isFarewell(method, arguments) && !connection.isValid(PATIENCE_SECONDS)) {
        inTransaction = false; // with the connection the database has rolled all back
        suspect = true;
        return null;
      }
      throw e.getCause();
    } finally {
      usedAt = System.nanoTime();
    }
  }

  /** Whether this is how a transaction is left that can't be committed. */
  private static boolean isFarewell(Method method, Object[] arguments) {
    return method.getName().equals("rollback")
        || (method.getName().equals("setAutoCommit") && Boolean.TRUE.equals(arguments[0]));
  }

  private void revive() throws SQLException {
    boolean fresh = !suspect && System.nanoTime() - usedAt < IDLE_NANOS;
    if (closed || inTransaction || fresh) {
      return;
    }
    suspect = false;
    if (!connection.isValid(PATIENCE_SECONDS)) {
      LOG.log(Level.INFO, "A connection to the database was dead, opens another");
      abandon();
      connection = opening.open();
    }
  }

  private void abandon() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.log(Level.DEBUG, "It is as dead as it seemed", e);
    }
  }
}
