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
 * A connection to H2 that mends two of its faults, a rollback that loses what others have committed
 * and a database that is closed by a full disk. As safe for threads as a connection.
 *
 * <p>Its rollback undoes only what it did itself. H2 rolls a row back within an operation that it
 * may have to retry ({@code RollbackDecisionMaker}; 2.3.232 and 2.4.240), namely when a commit
 * writes the file at the same moment. By the second time the row is free, and what somebody else
 * has committed there is lost for good. So while one transaction is rolled back here, none commits;
 * commits go on side by side.
 *
 * <p>H2 closes its database when it meets a full disk, for readers as well. So a statement that
 * writes is refused while less than a reserve is left; and when the disk is filled up all the same,
 * the next connection opens the database anew.
 *
 * <p>Two cases of the first fault are left, and rare: a transaction that is too large for H2's
 * memory writes the file before it commits, and a statement that fails takes back its own changes
 * by itself.
 */
final class H2Connection implements InvocationHandler {

  /** A lock on a row is written, too. */
  private static final Pattern READING =
      Pattern.compile("(?is)\\s*(select|call)\\b(?!.*\\bfor update\\b)");

  /** For all of this class: there is one database in the application. */
  private static final ReadWriteLock ENDS = new ReentrantReadWriteLock();

  private static final String DISK_FULL = "53100"; // as PostgreSQL says it

  /**
   * What the drivers have opened and nobody has closed. Static, as the server's pool makes the
   * connections.
   */
  @GuardedBy("itself")
  private static final Set<Connection> OPEN = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Whether the database may have closed itself. */
  private static volatile boolean suspect;

  private static final Logger LOG = System.getLogger(H2Connection.class.getName());

  private final Connection connection;
  private final LongSupplier space;

  private H2Connection(Connection connection, LongSupplier space) {
    this.connection = connection;
    this.space = space;
  }

  /**
   * Opens a connection. All that belong to a database that has closed itself are closed before: the
   * last of them would otherwise take the name from the database that is opened in its place.
   *
   * @param space how many bytes the disk can still take
   */
  static Connection open(LastingConnection.Opening opening, LongSupplier space)
      throws SQLException {
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
      LOG.log(Level.DEBUG, "A connection to a closed database", e);
    }
    return true;
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    return switch (method.getName()) {
      case "rollback" -> locked(ENDS.writeLock(), method, arguments);
      case "close" -> {
        synchronized (OPEN) {
          OPEN.remove(connection);
        }
        yield locked(ENDS.writeLock(), method, arguments);
      }
      case "commit" -> locked(ENDS.readLock(), method, arguments);
      case "setAutoCommit" -> // to true, it commits
          Boolean.TRUE.equals(arguments[0])
              ? locked(ENDS.readLock(), method, arguments)
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
          "The embedded database writes nothing to a disk that is nearly full",
          DISK_FULL,
          new IOException("No space left on device, but for a reserve"));
    }
  }

  /** By using it: H2's own answer is yes for a database that has closed itself, too. */
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
