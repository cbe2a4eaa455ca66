package devfest.studio.app.server;

import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.OpenListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xnio.OptionMap;

/**
 * Lifts the limit of WildFly's listeners for the declared length of a body. It is 10 MB by default;
 * above it Undertow sends an empty 400 and closes the connection before a handler sees the request.
 * The studio has limits of its own, and {@link #restore} keeps the listener's for other
 * applications. Only WildFly's configuration could change it, so this uses internal classes.
 * Thread-safe.
 */
final class UndertowListeners {

  /** The instance of this deployment; each deployment loads its own copy of the class. */
  static final UndertowListeners OURS = new UndertowListeners();

  /** Undertow's value for no limit. */
  static final long UNLIMITED = -1;

  private static final Logger LOG = System.getLogger(UndertowListeners.class.getName());

  private final Map<OpenListener, OptionMap> lifted = new HashMap<>();

  /** The limit in bytes that the listeners had. */
  private volatile long limit = UNLIMITED;

  private UndertowListeners() {}

  synchronized void lift() {
    try {
      for (OpenListener listener : listeners()) {
        OptionMap own = listener.getUndertowOptions();
        long bytes = own.get(UndertowOptions.MAX_ENTITY_SIZE, UNLIMITED);
        if (bytes > 0) {
          limit = bytes;
          lifted.put(listener, own);
          listener.setUndertowOptions(
              OptionMap.builder()
                  .addAll(own)
                  .set(UndertowOptions.MAX_ENTITY_SIZE, UNLIMITED)
                  .getMap());
        }
      }
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      LOG.log(
          Level.WARNING,
          "WildFly's listeners were not found, so they refuse bodies above their max-post-size"
              + " (10 MB by default); wildfly-config/studio.cli changes it",
          e);
    }
  }

  /** Returns the listeners of the running server. */
  private static List<OpenListener> listeners() throws ReflectiveOperationException {
    Object container =
        internal("org.jboss.as.server", "org.jboss.as.server.CurrentServiceContainer")
            .getMethod("getServiceContainer")
            .invoke(null);
    Class<?> registry = internal("org.jboss.msc", "org.jboss.msc.service.ServiceRegistry");
    Class<?> name = internal("org.jboss.msc", "org.jboss.msc.service.ServiceName");
    Class<?> type =
        internal(
            "org.wildfly.extension.undertow", "org.wildfly.extension.undertow.ListenerService");
    List<OpenListener> found = new ArrayList<>();
    for (Object each : (List<?>) registry.getMethod("getServiceNames").invoke(container)) {
      Object entry = registry.getMethod("getService", name).invoke(container, each);
      Object service = entry == null ? null : service(entry);
      if (type.isInstance(service)
          && type.getMethod("getOpenListener").invoke(service) instanceof OpenListener listener) {
        found.add(listener);
      }
    }
    return found;
  }

  /** Returns the object of a service; the public methods return older kinds only. */
  private static Object service(Object controller) throws ReflectiveOperationException {
    Field service = controller.getClass().getDeclaredField("service");
    service.setAccessible(true);
    return service.get(controller);
  }

  /** Loads a class of a module on which the application does not depend. */
  private static Class<?> internal(String module, String name) throws ReflectiveOperationException {
    Class<?> modules =
        Class.forName("org.jboss.modules.Module", false, ClassLoader.getSystemClassLoader());
    Object loader = modules.getMethod("getBootModuleLoader").invoke(null);
    Object found = loader.getClass().getMethod("loadModule", String.class).invoke(loader, module);
    return Class.forName(
        name, false, (ClassLoader) modules.getMethod("getClassLoader").invoke(found));
  }

  /** Sets the listener's limit again for a request, before its application may set another. */
  void restore(HttpServerExchange exchange) {
    if (limit != UNLIMITED) {
      exchange.setMaxEntitySize(limit);
    }
  }

  /** Restores the listeners. */
  synchronized void remove() {
    lifted.forEach(OpenListener::setUndertowOptions);
    lifted.clear();
    limit = UNLIMITED;
  }
}
