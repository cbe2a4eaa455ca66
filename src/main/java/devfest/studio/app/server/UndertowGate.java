package devfest.studio.app.server;

import devfest.studio.app.http.HeadersFilter;
import devfest.studio.app.http.ProblemDocument;
import devfest.studio.app.http.RequestGate;
import devfest.studio.security.Origins;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ServerConnection;
import io.undertow.server.handlers.error.SimpleErrorPageHandler;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What WildFly answers before a request reaches the application, or when the application has gone:
 * each refusal is a problem document with the headers of every answer. Loaded in WildFly alone.
 *
 * <p>At a stop, WildFly removes the application from its host, then the host from its server, and
 * closes the listeners meanwhile; connections that are open stay until the end. A handler before
 * the hosts turns the 404 and 503 of that time into a 503 with {@code Retry-After}. Safe for use
 * from many threads.
 */
public final class UndertowGate {

  /** The deployment's own, since each deployment loads its classes itself. */
  public static final UndertowGate OURS = new UndertowGate();

  private static final Logger LOG = System.getLogger(UndertowGate.class.getName());

  private volatile String contextPath = "";
  private volatile @Nullable Origins origins;
  private volatile boolean sought;
  private @Nullable SimpleErrorPageHandler outer;
  private @Nullable Guard guard;

  private UndertowGate() {}

  /** Before this, no origin may read a refusal. */
  public void allow(Origins origins) {
    this.origins = origins;
  }

  /** Puts a handler before the hosts, at the first request; no descriptor gives access to them. */
  void guard(HttpServerExchange exchange, String contextPath) {
    if (!sought) {
      install(exchange.getConnection(), contextPath);
    }
  }

  private synchronized void install(ServerConnection connection, String contextPath) {
    if (sought) {
      return;
    }
    sought = true;
    this.contextPath = contextPath;
    try {
      outer = errorPages(connection);
    } catch (IllegalAccessException | RuntimeException e) {
      LOG.log(Level.WARNING, "The handlers of a connection are not accessible", e);
    }
    if (outer == null) {
      LOG.log(
          Level.WARNING,
          "WildFly's own refusals at a stop stay as they are, its handlers are not found");
      return;
    }
    guard = new Guard(outer.getNext());
    outer.setNext(guard);
  }

  /**
   * The handler right before the hosts: each handler of a connection has the next in a field, or,
   * after an upgrade to HTTP/2, is an inner class of what has it.
   */
  private static @Nullable SimpleErrorPageHandler errorPages(ServerConnection connection)
      throws IllegalAccessException {
    Deque<Object> handlers = new ArrayDeque<>();
    handlers.add(connection);
    for (int i = 0; i < 100 && !handlers.isEmpty(); i++) {
      Object handler = handlers.remove();
      if (handler instanceof SimpleErrorPageHandler found) {
        return found;
      }
      for (Class<?> type = handler.getClass(); type != null; type = type.getSuperclass()) {
        for (Field field : type.getDeclaredFields()) {
          boolean leads =
              field.isSynthetic() || HttpHandler.class.isAssignableFrom(field.getType());
          if (leads && !Modifier.isStatic(field.getModifiers())) {
            field.setAccessible(true);
            Object next = field.get(handler);
            if (next != null) {
              handlers.add(next);
            }
          }
        }
      }
    }
    return null;
  }

  /** Leaves the server as it was; where others stand before the guard, it lets all pass. */
  public synchronized void remove() {
    sought = true;
    if (outer != null && outer.getNext() == guard) {
      outer.setNext(guard.inner);
    }
    if (guard != null) {
      guard.removed = true;
    }
  }

  private final class Guard implements HttpHandler {

    private final HttpHandler inner;
    private volatile boolean removed;

    Guard(HttpHandler inner) {
      this.inner = inner;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
      if (!removed && isOurs(exchange.getRelativePath())) {
        exchange.addDefaultResponseListener(this::refuseStopping);
      }
      inner.handleRequest(exchange);
    }

    private boolean isOurs(String path) {
      return path.startsWith(contextPath)
          && (path.length() == contextPath.length() || path.charAt(contextPath.length()) == '/');
    }

    /** Called for an answer without a body, unless the studio's own deployment has given it one. */
    private boolean refuseStopping(HttpServerExchange exchange) {
      int status = exchange.getStatusCode();
      if ((status != StatusCodes.NOT_FOUND && status != StatusCodes.SERVICE_UNAVAILABLE)
          || !isStopping()) {
        return false;
      }
      exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE);
      exchange.setPersistent(false);
      return refuse(exchange);
    }

    /** Whether the JVM ends: it takes no shutdown hook any more. */
    private static boolean isStopping() {
      Thread hook = new Thread(() -> {});
      try {
        Runtime.getRuntime().addShutdownHook(hook);
        Runtime.getRuntime().removeShutdownHook(hook);
        return false;
      } catch (IllegalStateException e) {
        return true;
      }
    }
  }

  /** Gives a failure without a body its problem document; false for any other answer. */
  boolean refuse(HttpServerExchange exchange) {
    int status = exchange.getStatusCode();
    if (status < 400 || !exchange.isResponseChannelAvailable()) {
      return false;
    }
    HeaderMap headers = exchange.getResponseHeaders();
    headers.put(Headers.CONTENT_TYPE, ProblemDocument.TYPE);
    Origins known = origins;
    HeadersFilter.of(
        exchange.getRequestURI(),
        known == null ? null : exchange.getRequestHeaders().getFirst(Headers.ORIGIN),
        known,
        (name, value) -> headers.put(new HttpString(name), value));
    String detail = null;
    if (status == StatusCodes.SERVICE_UNAVAILABLE) {
      headers.put(Headers.RETRY_AFTER, RequestGate.RESTART.toSeconds());
      detail = RequestGate.UNAVAILABLE;
    }
    exchange
        .getResponseSender()
        .send(ProblemDocument.of(status, detail, exchange.getRequestURI()).toString());
    return true;
  }
}
