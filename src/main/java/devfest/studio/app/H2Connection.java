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
 * <p>H2 (2.3.232, 2.4.240) rolls a row back once more when a commit writes the file at the same
 * moment. The row is free by then, and what somebody else has committed there is lost: one of a
 * thousand rollbacks of a row that others wait for. So a rollback has the database for itself,
 * within this process, which is the only one to open its file; commits go on side by side.
 */
final class H2Connection implements InvocationHandler {

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
      case "equals" -> proxy == arguments[0];
      case "rollback", "close" -> locked(ENDS.writeLock(), method, arguments);
      case "commit", "setAutoCommit" -> locked(ENDS.readLock(), method, arguments);
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
