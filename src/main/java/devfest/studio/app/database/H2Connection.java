package devfest.studio.app.database;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import devfest.studio.blobs.Spool;
import devfest.studio.http.Outage;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * A connection to H2 that works around two defects of H2: a rollback can lose rows that other
 * transactions committed, and a full disk closes the database. As thread-safe as the wrapped
 * connection.
 *
 * <p><b>Lost rows.</b> H2 (2.3.232 and 2.4.240) rolls back a row in an operation ({@code
 * RollbackDecisionMaker}) that it repeats when a commit writes the file at the same moment. The
 * first attempt has already unlocked the row, so the second one can overwrite a value that another
 * transaction committed in between. Therefore a rollback excludes every commit, while commits run
 * concurrently.
 *
 * <p><b>Full disk.</b> H2 closes the database when the disk is full, even for readers. Therefore
 * writing statements are refused while less than {@link Spool#RESERVE_BYTES} of space is left. If
 * another program fills the disk, the next connection reopens the database.
 *
 * <p>Two rare cases of lost rows remain: a transaction that exceeds H2's memory writes the file
 * before it commits, and a failing statement undoes its own changes without a rollback call.
 */
final class H2Connection implements InvocationHandler {

  /** Statements that write nothing. {@code select … for update} writes a row lock. */
  private static final Pattern READING =
      Pattern.compile("(?is)\\s*(select|call)\\b(?!.*\\bfor update\\b)");

  /** A commit takes the read lock, a rollback the write lock. The application has one database. */
  private static final ReadWriteLock COMMIT_LOCK = new ReentrantReadWriteLock();

  private static final String DISK_FULL = "53100"; // PostgreSQL's SQLSTATE disk_full

  /**
   * Driver connections that are open; guarded by itself. Static because the server's pool creates
   * the connections.
   */
  @GuardedBy("itself")
  private static final Set<Connection> OPEN = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Whether H2 may have closed the database. */
  private static volatile boolean suspect;

  private static final Logger LOG = System.getLogger(H2Connection.class.getName());

  private final Connection connection;
  private final LongSupplier space;

  private H2Connection(Connection connection, LongSupplier space) {
    this.connection = connection;
    this.space = space;
  }

  /**
   * Opens a connection. Closes all connections to a database that H2 has closed first: otherwise
   * the last of them would deregister the reopened database, which has the same name.
   *
   * @param space returns the usable disk space in bytes
   */
  static Connection open(Pool.Opening opening, LongSupplier space) throws SQLException {
    synchronized (OPEN) {
      if (suspect) {
        suspect = false;
        OPEN.removeIf(H2Connection::closeIfDead);
      }
      Connection connection = opening.open();
      OPEN.add(connection);
      return (Connection)
          Proxy.newProxyInstance(
              H2Connection.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              new H2Connection(connection, space));
    }
  }

  private static boolean closeIfDead(Connection connection) {
    if (isValid(connection)) {
      return false;
    }
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.log(Level.DEBUG, "A connection to a closed database could not be closed", e);
    }
    return true;
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    return switch (method.getName()) {
      case "rollback" -> locked(COMMIT_LOCK.writeLock(), method, arguments);
      case "close" -> {
        synchronized (OPEN) {
          OPEN.remove(connection);
        }
        yield locked(COMMIT_LOCK.writeLock(), method, arguments);
      }
      case "commit" -> locked(COMMIT_LOCK.readLock(), method, arguments);
      case "setAutoCommit" -> // enabling auto-commit commits
          Boolean.TRUE.equals(arguments[0])
              ? locked(COMMIT_LOCK.readLock(), method, arguments)
              : call(method, arguments);
      case "isValid" -> isValid(connection);
      case "prepareStatement" -> {
        if (!READING.matcher((String) arguments[0]).lookingAt()) {
          checkSpace();
        }
        yield call(method, arguments);
      }
      default -> call(method, arguments);
    };
  }

  private void checkSpace() throws SQLException {
    if (space.getAsLong() < Spool.RESERVE_BYTES) {
      throw new SQLException(
          "The embedded database refuses to write because the disk is nearly full",
          DISK_FULL,
          new IOException("No space left on device above the reserve"));
    }
  }

  /** Runs a query, because H2's own check returns true even for a database that it has closed. */
  private static boolean isValid(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet one = statement.executeQuery("select 1 from information_schema.schemata")) {
      return one.next();
    } catch (SQLException e) {
      return false;
    }
  }

  private Object locked(Lock lock, Method method, Object[] arguments) throws Throwable {
    lock.lock();
    try {
      return call(method, arguments);
    } finally {
      lock.unlock();
    }
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(connection, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SQLException failure && Outage.isFatal(failure)) {
        suspect = true;
      }
      throw e.getCause();
    }
  }
}
