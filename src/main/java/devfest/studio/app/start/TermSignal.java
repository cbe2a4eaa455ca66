package devfest.studio.app.start;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs an action at SIGTERM before the server begins to stop, while it still serves all requests. A
 * shutdown hook cannot do so, because the hooks of the server run at the same time. A second
 * SIGTERM does not wait for the action.
 *
 * <p>Uses {@code sun.misc.Signal}, which is supported ({@code jdk.unsupported}) but has no standard
 * counterpart, by reflection, because compilers warn of it. Installed and removed by one thread.
 */
final class TermSignal {

  private static final Logger LOG = System.getLogger(TermSignal.class.getName());

  private final Method register;
  private final Object signal;
  private final Object previous;

  private TermSignal(Method register, Object signal, Object handler)
      throws ReflectiveOperationException {
    this.register = register;
    this.signal = signal;
    this.previous = register.invoke(null, signal, handler);
  }

  /** Installs the action. Empty if the JVM does not allow it, for example with {@code -Xrs}. */
  static Optional<TermSignal> before(Runnable action) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal", true, null);
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler", true, null);
      Method register = type.getMethod("handle", type, handlerType);
      Method handle = handlerType.getMethod("handle", type);
      Object signal = type.getConstructor(String.class).newInstance("TERM");
      AtomicBoolean received = new AtomicBoolean();
      TermSignal[] installed = new TermSignal[1];
      Object handler =
          Proxy.newProxyInstance(
              null,
              new Class<?>[] {handlerType},
              (proxy, method, arguments) -> {
                if (!method.equals(handle)) { // of Object
                  return method.invoke(action, arguments);
                }
                if (received.compareAndSet(false, true)) {
                  run(action);
                }
                return handle.invoke(installed[0].previous, signal);
              });
      installed[0] = new TermSignal(register, signal, handler);
      return Optional.of(installed[0]);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.log(Level.DEBUG, "SIGTERM cannot be handled, so this node stops without draining", e);
      return Optional.empty();
    }
  }

  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "The node could not be drained and stops at once", e);
    }
  }

  /** Restores the previous handler. */
  void remove() {
    try {
      Object ignored = register.invoke(null, signal, previous);
    } catch (IllegalAccessException | InvocationTargetException e) {
      LOG.log(Level.DEBUG, "The handler of SIGTERM could not be restored", e);
    }
  }
}
