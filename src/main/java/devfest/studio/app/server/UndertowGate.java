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
 * Replaces the error responses that WildFly itself sends to requests that do not reach the
 * application: each becomes a problem document with the headers that every response has. Loaded on
 * WildFly only.
 *
 * <p>When it stops, WildFly removes the application from its host, then the host from its server,
 * and closes the listeners concurrently; open connections stay open until the end. A handler before
 * the hosts turns a 404 or 5xx without a body of that period into a 503 with {@code Retry-After}.
 * Thread-safe.
 */
public final class UndertowGate {

  /** The instance of this deployment; each deployment loads its own copy of the class. */
  public static final UndertowGate OURS = new UndertowGate();

  private static final Logger LOG = System.getLogger(UndertowGate.class.getName());

  private volatile String contextPath = "";
  private volatile @Nullable Origins origins;
  private volatile boolean installed;
  private @Nullable SimpleErrorPageHandler outer;
  private @Nullable Guard guard;

  private UndertowGate() {}

  /** Sets the allowed origins. Before this call, error responses have no CORS headers. */
  public void allow(Origins origins) {
    this.origins = origins;
  }

  /**
   * Installs the handler at the first request, because no configuration gives access to the hosts.
   */
  void guard(HttpServerExchange exchange, String contextPath) {
    if (!installed) {
      install(exchange.getConnection(), contextPath);
    }
  }

  private synchronized void install(ServerConnection connection, String contextPath) {
    if (installed) {
      return;
    }
    installed = true;
    this.contextPath = contextPath;
    try {
      outer = errorPages(connection);
    } catch (IllegalAccessException | RuntimeException e) {
      LOG.log(Level.WARNING, "The handlers of the connection are not accessible", e);
    }
    if (outer == null) {
      LOG.log(
          Level.WARNING,
          "WildFly's handlers were not found; its responses at a stop are not problem documents");
      return;
    }
    guard = new Guard(outer.getNext());
    outer.setNext(guard);
  }

  /**
   * Finds the handler directly before the hosts. Each handler of a connection has the next one in a
   * field or, after an upgrade to HTTP/2, is an inner class of the object that has that field.
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
          boolean isLink =
              field.isSynthetic() || HttpHandler.class.isAssignableFrom(field.getType());
          if (isLink && !Modifier.isStatic(field.getModifiers())) {
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

  /**
   * Restores the server. A guard that other handlers have wrapped stays and passes all requests on.
   */
  public synchronized void remove() {
    installed = true;
    UndertowListeners.OURS.remove();
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
      UndertowListeners.OURS.restore(exchange);
      if (!removed && isOurs(exchange.getRelativePath())) {
        exchange.addDefaultResponseListener(this::refuseAtStop);
        String path = exchange.getRelativePath();
        if (!path.isEmpty() && path.equals(contextPath)) {
          redirectToRoot(path, exchange);
          return;
        }
      }
      inner.handleRequest(exchange);
    }

    /** WildFly itself would redirect to the host that the client names. */
    private void redirectToRoot(String path, HttpServerExchange exchange) {
      addHeaders(exchange);
      exchange.setStatusCode(StatusCodes.FOUND);
      exchange
          .getResponseHeaders()
          .put(Headers.LOCATION, path.substring(path.lastIndexOf('/') + 1) + '/');
      exchange.endExchange();
    }

    private boolean isOurs(String path) {
      return path.startsWith(contextPath)
          && (path.length() == contextPath.length() || path.charAt(contextPath.length()) == '/');
    }

    /** Undertow calls this for a response that has no body yet. */
    private boolean refuseAtStop(HttpServerExchange exchange) {
      int status = exchange.getStatusCode();
      if ((status != StatusCodes.NOT_FOUND && status < StatusCodes.INTERNAL_SERVER_ERROR)
          || !isStopping()) {
        return false;
      }
      exchange.setStatusCode(StatusCodes.SERVICE_UNAVAILABLE);
      exchange.setPersistent(false);
      return refuse(exchange);
    }

    /** Whether the JVM is shutting down: it then accepts no shutdown hooks. */
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

  private void addHeaders(HttpServerExchange exchange) {
    Origins known = origins;
    HeadersFilter.of(
        known == null ? null : exchange.getRequestHeaders().getFirst(Headers.ORIGIN),
        known,
        (name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
  }

  /**
   * Adds a problem document to an error response without a body; returns false for any other
   * response.
   */
  boolean refuse(HttpServerExchange exchange) {
    int status = exchange.getStatusCode();
    if (status < 400 || !exchange.isResponseChannelAvailable()) {
      return false;
    }
    HeaderMap headers = exchange.getResponseHeaders();
    headers.put(Headers.CONTENT_TYPE, ProblemDocument.TYPE);
    addHeaders(exchange);
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
