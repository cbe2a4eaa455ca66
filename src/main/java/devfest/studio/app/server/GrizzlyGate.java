package devfest.studio.app.server;

import devfest.studio.app.http.HeadersFilter;
import devfest.studio.app.http.ProblemDocument;
import devfest.studio.app.http.RequestGate;
import devfest.studio.app.legacy.LiteralPaths;
import devfest.studio.http.Code;
import devfest.studio.security.Origins;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.filterchain.Filter;
import org.glassfish.grizzly.filterchain.FilterChain;
import org.glassfish.grizzly.http.HttpPacket;
import org.glassfish.grizzly.http.HttpProbe;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.Method;
import org.glassfish.grizzly.http.server.HttpHandler;
import org.glassfish.grizzly.http.server.HttpServerFilter;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.http.server.Response;
import org.glassfish.grizzly.memory.Buffers;
import org.glassfish.grizzly.monitoring.MonitoringConfig;
import org.glassfish.grizzly.nio.transport.TCPNIOTransport;

/**
 * Replaces the replies that Payara itself sends to requests that do not reach the application:
 * requests that can't be parsed, URIs that can't be decoded, TRACE, and all requests while the
 * studio starts or stops. Each gets a problem document with the headers that every reply has.
 * Loaded on Payara only; Grizzly has no configuration for this.
 *
 * <p>Payara may open listeners after it deploys the application, so {@link #run} must be called
 * about twice per second to find new ones. Thread-safe.
 */
public final class GrizzlyGate implements Runnable {

  private static final Logger LOG = System.getLogger(GrizzlyGate.class.getName());
  private static final Pattern BAD_ESCAPE =
      Pattern.compile("%(?![0-9A-Fa-f]{2})|%00|%5[Cc]|\\\\|[^\\x21-\\x7E]");

  private static final Pattern ENCODED_DOT = Pattern.compile("%2[Ee]");

  private final Supplier<String> contextPath;
  private final Origins origins;
  private final BooleanSupplier open;
  private final Map<TCPNIOTransport, Installation> installations = new ConcurrentHashMap<>();
  private volatile boolean failed;
  private volatile boolean removed;

  private record Installation(HttpServerFilter filter, Guard guard, Runnable removeProbe) {}

  /**
   * @param contextPath returns the context path; empty at the root
   * @param origins must work after the CDI container has stopped
   * @param open returns whether the studio accepts requests
   */
  public GrizzlyGate(Supplier<String> contextPath, Origins origins, BooleanSupplier open) {
    this.contextPath = contextPath;
    this.origins = origins;
    this.open = open;
  }

  @Override
  public synchronized void run() {
    if (failed || removed) {
      return;
    }
    try {
      for (TCPNIOTransport transport : transports()) {
        if (!installations.containsKey(transport)
            && transport.getProcessor() instanceof FilterChain filters) {
          guard(filters).ifPresent(installation -> installations.put(transport, installation));
        }
      }
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      failed = true;
      LOG.log(
          Level.WARNING,
          "Payara's listeners were not found; its own error replies are not problem documents",
          e);
    }
  }

  /** Returns the listeners of the running server, using internal classes of Payara. */
  private static List<TCPNIOTransport> transports() throws ReflectiveOperationException {
    Class<?> type = Class.forName("com.sun.enterprise.v3.services.impl.GrizzlyService");
    Object service =
        Class.forName("org.glassfish.internal.api.Globals")
            .getMethod("get", Class.class)
            .invoke(null, type);
    Field proxies = type.getDeclaredField("proxies");
    proxies.setAccessible(true);
    List<TCPNIOTransport> found = new ArrayList<>();
    for (Object proxy : (Collection<?>) proxies.get(service)) {
      Object listener = proxy.getClass().getMethod("getUnderlyingListener").invoke(proxy);
      if (listener.getClass().getMethod("getTransport").invoke(listener)
          instanceof TCPNIOTransport transport) {
        found.add(transport);
      }
    }
    return found;
  }

  /** Installs a guard in a listener. Empty while the listener is not yet complete. */
  private Optional<Installation> guard(FilterChain filters) {
    org.glassfish.grizzly.http.HttpServerFilter parser = null;
    HttpServerFilter server = null;
    for (Filter filter : filters) {
      if (filter instanceof org.glassfish.grizzly.http.HttpServerFilter found) {
        parser = found;
      } else if (filter instanceof HttpServerFilter found) {
        server = found;
      }
    }
    if (parser == null || server == null) {
      return Optional.empty();
    }
    MonitoringConfig<HttpProbe> monitoring = parser.getMonitoringConfig();
    Unparsed probe = new Unparsed();
    monitoring.addProbes(probe);
    Guard guard = new Guard(server.getHttpHandler());
    server.setHttpHandler(guard);
    return Optional.of(new Installation(server, guard, () -> monitoring.removeProbes(probe)));
  }

  /** Stops accepting connections; open connections stay open. */
  public void close() {
    installations.keySet().forEach(TCPNIOTransport::unbindAll);
  }

  /**
   * Restores the listeners. A guard that other handlers have wrapped stays and passes all requests
   * on.
   */
  public synchronized void remove() {
    removed = true;
    for (Installation installation : installations.values()) {
      installation.removeProbe().run();
      if (installation.filter().getHttpHandler() == installation.guard()) {
        installation.filter().setHttpHandler(installation.guard().inner);
      }
    }
    installations.clear();
  }

  private byte[] document(int status, String detail, String path) {
    return ProblemDocument.of(status, detail, path).toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Handles requests before the server's own handler. */
  private final class Guard extends HttpHandler {

    private final HttpHandler inner;

    Guard(HttpHandler inner) {
      this.inner = inner;
      setAllowCustomStatusMessage(false);
      setRequestURIEncoding(inner.getRequestURIEncoding());
    }

    @Override
    public void service(Request request, Response response) throws Exception {
      String path = request.getRequestURI();
      if (removed || !isOurs(path)) {
        inner.service(request, response);
      } else if (!open.getAsBoolean()) {
        response.setHeader("Retry-After", Long.toString(RequestGate.RESTART.toSeconds()));
        response.setHeader("Connection", "close");
        refuse(503, RequestGate.UNAVAILABLE, request, response);
      } else if (request.getMethod() == Method.TRACE) {
        response.setHeader("Allow", methods(path.substring(contextPath.get().length())));
        refuse(405, "TRACE is not allowed.", request, response);
      } else if (BAD_ESCAPE.matcher(path).find() || leavesRoot(path)) {
        refuse(400, "The path of the URI can't be decoded.", request, response);
      } else {
        // Must not use the response afterwards: another thread may own an asynchronous response.
        inner.service(request, response);
      }
    }

    /**
     * Returns the methods of a path; for resource paths, the methods of the entire HTTP interface.
     */
    private static String methods(String path) {
      Set<String> methods = LiteralPaths.methods(path);
      if (!methods.isEmpty()) {
        return String.join(", ", methods) + ", OPTIONS";
      }
      return path.startsWith(LiteralPaths.API + "/")
          ? "DELETE, GET, HEAD, OPTIONS, PATCH, POST"
          : "GET, HEAD, OPTIONS";
    }

    /** Whether the {@code ..} segments of the path lead above the root. */
    private static boolean leavesRoot(String path) {
      int depth = 0;
      for (String segment : ENCODED_DOT.matcher(path).replaceAll(".").split("/+")) {
        if (segment.equals("..")) {
          depth--;
        } else if (!segment.isEmpty() && !segment.equals(".")) {
          depth++;
        }
        if (depth < 0) {
          return true;
        }
      }
      return false;
    }

    private boolean isOurs(String path) {
      String root = contextPath.get();
      return path.startsWith(root + "/") || path.equals(root);
    }

    private void refuse(int status, String detail, Request request, Response response)
        throws IOException {
      String path = request.getRequestURI();
      HeadersFilter.of(path, request.getHeader("Origin"), origins, response::addHeader);
      byte[] document = document(status, detail, path);
      response.setStatus(status);
      response.setContentType(ProblemDocument.TYPE);
      response.setContentLength(document.length);
      try {
        if (request.getMethod() != Method.HEAD) {
          response.getOutputStream().write(document);
        }
        response.finish();
      } catch (IOException e) {
        LOG.log(Level.DEBUG, "A client disconnected before it received the status {0}", status);
      }
    }
  }

  /** Replies to requests that Grizzly can't parse; Grizzly itself sends no body. */
  private final class Unparsed extends HttpProbe.Adapter {

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"}) // Grizzly's signature
    public void onErrorEvent(Connection connection, HttpPacket packet, Throwable error) {
      if (!(packet instanceof HttpRequestPacket request) || request.getResponse().isCommitted()) {
        return;
      }
      int status = Math.max(400, request.getResponse().getStatus());
      byte[] document = document(status, "The request can't be parsed as HTTP.", "/");
      StringBuilder head =
          new StringBuilder("HTTP/1.1 " + status + " " + Code.of(status).title() + "\r\n");
      head.append("Content-Type: " + ProblemDocument.TYPE + "\r\n");
      head.append("Content-Length: " + document.length + "\r\nConnection: close\r\n");
      HeadersFilter.of(
          "/",
          request.getHeader("Origin"),
          origins,
          (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
      byte[] answer = Arrays.copyOf(start, start.length + document.length);
      System.arraycopy(document, 0, answer, start.length, document.length);
      request.getResponse().setCommitted(true);
      var ignored = connection.write(Buffers.wrap(connection.getMemoryManager(), answer));
      LOG.log(Level.DEBUG, "A request could not be parsed: {0}", error.getClass().getName());
    }
  }
}
