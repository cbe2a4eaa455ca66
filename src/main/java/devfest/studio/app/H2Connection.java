package devfest.studio.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A connection to H2 whose rollback undoes only what it did itself. As safe for threads as a
 * connection.
 *
 * <p>H2 rolls a row back within an operation that it may have to retry ({@code
 * RollbackDecisionMaker}; 2.3.232 and 2.4.240), namely when a commit writes the file at the same
 * moment. By the second time the row is free, and what somebody else has committed there is lost
 * for good. So while one transaction is rolled back here, none commits; commits go on side by side.
 *
 * <p>Two cases are left, and rare: a transaction that is too large for H2's memory writes the file
 * before it commits, and a statement that fails takes back its own changes by itself.
 */
final class H2Connection implements InvocationHandler {

  /** For all of this class: there is one database in the application. */
  private static final ReadWriteLock ENDS = new ReentrantReadWriteLock();

  private final Connection connection;

  private H2Connection(Connection connection) {
    this.connection = connection;
  }

  static Connection of(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            H2Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new H2Connection(connection));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    return switch (method.getName()) {
      case "rollback", "close" -> locked(ENDS.writeLock(), method, arguments);
      case "commit" -> locked(ENDS.readLock(), method, arguments);
      case "setAutoCommit" -> // to true, it commits
          Boolean.TRUE.equals(arguments[0])
              ? locked(ENDS.readLock(), method, arguments)
              : call(method, arguments);
      default -> call(method, arguments);
    };
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
      throw e.getCause();
    }
  }
}
