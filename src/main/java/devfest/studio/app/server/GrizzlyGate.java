package devfest.studio.app.server;

import devfest.studio.app.http.BodyFilter;
import devfest.studio.app.http.Entrance;
import devfest.studio.app.http.Front;
import devfest.studio.app.http.HeadersFilter;
import devfest.studio.app.http.ProblemDocument;
import devfest.studio.app.http.Refusal;
import devfest.studio.app.http.RequestGate;
import devfest.studio.app.legacy.LiteralPaths;
import devfest.studio.app.transfer.Arrivals;
import devfest.studio.app.transfer.Content;
import devfest.studio.http.Code;
import devfest.studio.security.Origins;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.Filter;
import org.glassfish.grizzly.filterchain.FilterChain;
import org.glassfish.grizzly.http.HttpHeader;
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
import org.glassfish.grizzly.ssl.SSLBaseFilter;

/**
 * Replaces the responses that Payara itself sends to requests that do not reach the application:
 * requests that cannot be parsed, URIs that cannot be decoded, TRACE, and all requests while the
 * studio starts or stops. Each gets a problem document with the headers that every response has.
 * Loaded on Payara only; Grizzly has no configuration for this.
 *
 * <p>Payara may open listeners after it deploys the application, so {@link #run} must be called
 * about twice per second to find new ones. Thread-safe.
 */
public final class GrizzlyGate implements Runnable {

  private static final Logger LOG = System.getLogger(GrizzlyGate.class.getName());
  private static final Pattern BAD_ESCAPE =
      Pattern.compile("%(?![0-9A-Fa-f]{2})|%00|%5[Cc]|\\\\|[^\\x21-\\x7E]");

  /** The name of Payara Server's listener for its own administration. */
  private static final String ADMIN = "admin-listener";

  private static final Pattern ENCODED_DOT = Pattern.compile("%2[Ee]");

  private final Supplier<String> contextPath;
  private final Origins origins;
  private final BooleanSupplier open;
  private final Front front;
  private final Arrivals arrivals;
  private final ScheduledExecutorService scheduler;
  private final Map<TCPNIOTransport, Installation> installations = new ConcurrentHashMap<>();
  private volatile boolean failed;
  private volatile boolean removed;

  private record Installation(HttpServerFilter filter, Guard guard, Runnable removal) {}

  /**
   * Bytes that a refused client may still send, so that it reads the response (RFC 9112 § 9.6):
   * more than the largest photo. Grizzly discards them without a thread that waits.
   */
  private static final long LINGER_BYTES = 64L * 1024 * 1024;

  /** The bytes of the connection that the thread parses. */
  private static final ThreadLocal<Integer> RECEIVED = ThreadLocal.withInitial(() -> 0);

  /** How long a refused client may still send. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  /**
   * @param contextPath returns the context path; empty at the root
   * @param origins must work after the CDI container has stopped
   * @param open returns whether the studio accepts requests
   * @param front decides about requests with bodies; may be called on any thread
   * @param scheduler closes the connections of refused clients, and repeats a failed check
   */
  public GrizzlyGate(
      Supplier<String> contextPath,
      Origins origins,
      BooleanSupplier open,
      Front front,
      Arrivals arrivals,
      ScheduledExecutorService scheduler) {
    this.contextPath = contextPath;
    this.origins = origins;
    this.open = open;
    this.front = new SecondThread(front, scheduler);
    this.arrivals = arrivals;
    this.scheduler = scheduler;
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
          "Payara's listeners were not found; its own error responses are not problem documents",
          e);
    }
  }

  /** Returns the listeners for applications, using internal classes of Payara. */
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
      if (!ADMIN.equals(listener.getClass().getMethod("getName").invoke(listener))
          && listener.getClass().getMethod("getTransport").invoke(listener)
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
    long skipped = parser.getMaxPayloadRemainderToSkip();
    parser.setMaxPayloadRemainderToSkip(LINGER_BYTES);
    GrizzlyReaders readers = new GrizzlyReaders();
    GrizzlyFilter filter =
        new GrizzlyFilter(server, readers, front, arrivals, this::serves, this::answerAndClose);
    Map<Filter, Filter> replaced = new HashMap<>();
    replaced.put(server, filter);
    if (!isEncrypted(filters)) {
      filters.stream()
          .filter(GrizzlyGate::isHttp2)
          .forEach(http2 -> replaced.put(http2, new BaseFilter() {}));
    }
    filters.replaceAll(other -> replaced.getOrDefault(other, other));
    Map<Filter, Filter> restored = new HashMap<>();
    replaced.forEach((own, other) -> restored.put(other, own));
    org.glassfish.grizzly.http.HttpServerFilter found = parser;
    Runnable removal =
        () -> {
          filters.replaceAll(other -> restored.getOrDefault(other, other));
          found.setMaxPayloadRemainderToSkip(skipped);
          monitoring.removeProbes(probe);
          readers.stop();
        };
    return Optional.of(new Installation(server, guard, removal));
  }

  private static boolean isEncrypted(FilterChain filters) {
    return filters.stream().anyMatch(SSLBaseFilter.class::isInstance);
  }

  /**
   * Whether the filter is that of HTTP/2, whose streams would multiply what one connection may
   * occupy. No browser uses it without encryption, and proxies do not need it.
   */
  private static boolean isHttp2(Filter filter) {
    return filter.getClass().getSimpleName().equals("Http2ServerFilter");
  }

  private boolean serves(String path) {
    return !removed && open.getAsBoolean() && isOurs(path);
  }

  private boolean isOurs(String path) {
    String root = contextPath.get();
    return path.startsWith(root + "/") || path.equals(root);
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
      installation.removal().run();
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
      if (request.getAttribute(BodyFilter.CONTENT) instanceof Content body) {
        request.addAfterServiceListener(done -> body.release());
      }
      if (removed || !isOurs(path)) {
        inner.service(request, response);
      } else if (!open.getAsBoolean()) {
        response.setHeader("Retry-After", Long.toString(RequestGate.RESTART.toSeconds()));
        response.setHeader("Connection", "close");
        refuse(503, RequestGate.UNAVAILABLE, request, response);
      } else if (request.getAttribute(GrizzlyFilter.REFUSAL) instanceof Refusal refusal) {
        refuse(refusal, request, response);
      } else if (request.getMethod() == Method.TRACE) {
        response.setHeader("Allow", methods(path.substring(contextPath.get().length())));
        refuse(405, "TRACE is not allowed.", request, response);
      } else if (BAD_ESCAPE.matcher(path).find() || leavesRoot(path)) {
        refuse(400, "The path of the URI cannot be decoded.", request, response);
      } else if (!path.isEmpty() && path.equals(contextPath.get())) {
        redirectToRoot(path, request, response);
      } else {
        // Must not use the response afterwards: another thread may own an asynchronous response.
        inner.service(request, response);
      }
    }

    /** A client that expects 100 keeps its body if the request is refused. */
    @Override
    protected boolean sendAcknowledgment(Request request, Response response) throws IOException {
      return request.getAttribute(GrizzlyFilter.REFUSAL) != null
          || super.sendAcknowledgment(request, response);
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

    /** Payara itself would redirect to the host that the client names. */
    private void redirectToRoot(String path, Request request, Response response) {
      HeadersFilter.of(request.getHeader("Origin"), origins, response::addHeader);
      response.setStatus(302);
      response.setHeader("Location", path.substring(path.lastIndexOf('/') + 1) + '/');
      response.setContentLength(0);
      response.finish();
    }

    /** Refuses a request; closes the connection soon if its body has not been received. */
    private void refuse(Refusal refusal, Request request, Response response) {
      String path = request.getRequestURI();
      boolean closes = request.getRequest().isExpectContent();
      HeadersFilter.of(request.getHeader("Origin"), origins, response::addHeader);
      refusal.describe(response::setHeader);
      if (closes) {
        response.setHeader("Connection", "close");
      }
      write(refusal.status(), refusal.document(path), request, response);
      if (closes && !isMultiplexed(request.getRequest())) { // other requests use HTTP/2's
        closeSoon(request.getContext().getConnection());
      }
    }

    private void refuse(int status, String detail, Request request, Response response) {
      String path = request.getRequestURI();
      HeadersFilter.of(request.getHeader("Origin"), origins, response::addHeader);
      response.setContentType(ProblemDocument.TYPE);
      write(status, document(status, detail, path), request, response);
    }

    private static void write(int status, byte[] document, Request request, Response response) {
      response.setStatus(status);
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

  /** Whether other requests share the connection at the same time. */
  static boolean isMultiplexed(HttpRequestPacket request) {
    return request.getProtocolString().startsWith("HTTP/2");
  }

  /**
   * Answers a request that the server's own filter has not seen, and closes the connection soon.
   */
  @SuppressWarnings("unchecked") // Grizzly's signature
  private void answerAndClose(HttpRequestPacket request, Refusal refusal) {
    Connection<SocketAddress> connection = request.getConnection();
    if (isMultiplexed(request)) {
      connection.closeSilently(); // that of the stream
      return;
    }
    byte[] document = refusal.document(request.getRequestURI());
    answer(refusal.status(), document, request, refusal::describe, connection);
    closeSoon(connection);
  }

  /** Writes a response with the headers that all have. */
  private void answer(
      int status,
      byte[] document,
      HttpRequestPacket request,
      Consumer<BiConsumer<String, String>> headers,
      Connection<SocketAddress> connection) {
    StringBuilder head =
        new StringBuilder("HTTP/1.1 " + status + " " + Code.of(status).title() + "\r\n");
    BiConsumer<String, String> header =
        (name, value) -> head.append(name).append(": ").append(value).append("\r\n");
    headers.accept(header);
    header.accept("Content-Length", Integer.toString(document.length));
    header.accept("Connection", "close");
    HeadersFilter.of(request.getHeader("Origin"), origins, header);
    byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] answer = Arrays.copyOf(start, start.length + document.length);
    System.arraycopy(document, 0, answer, start.length, document.length);
    request.getResponse().setCommitted(true);
    var ignored = connection.write(Buffers.wrap(connection.getMemoryManager(), answer));
  }

  /** Closes a connection when its client has had time to read the response. */
  private void closeSoon(Connection<?> connection) {
    try {
      var ignored =
          scheduler.schedule(
              () -> connection.terminateSilently(), LINGER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) { // the studio stops
      connection.terminateSilently();
    }
  }

  /**
   * Responds to requests that Grizzly cannot parse; Grizzly itself sends no body. Also notes which
   * requests are pipelined.
   */
  private final class Unparsed extends HttpProbe.Adapter {

    @Override
    @SuppressWarnings("rawtypes") // Grizzly's signature
    public void onDataReceivedEvent(Connection connection, Buffer buffer) {
      RECEIVED.set(buffer.remaining());
    }

    @Override
    @SuppressWarnings("rawtypes") // Grizzly's signature
    public void onHeaderParseEvent(Connection connection, HttpHeader header, int size) {
      if (header instanceof HttpRequestPacket request
          && RECEIVED.get() > size + Math.max(0, request.getContentLength())
          && (!request.isChunked() || Entrance.isBodiless(request.getMethod().getMethodString()))) {
        request.setAttribute(GrizzlyReaders.PIPELINED, true);
      }
    }

    @Override
    @SuppressWarnings({"rawtypes", "unchecked"}) // Grizzly's signature
    public void onErrorEvent(Connection connection, HttpPacket packet, Throwable error) {
      if (!(packet instanceof HttpRequestPacket request) || request.getResponse().isCommitted()) {
        return;
      }
      int status = Math.max(400, request.getResponse().getStatus());
      byte[] document = document(status, "The request cannot be parsed as HTTP.", "/");
      answer(
          status,
          document,
          request,
          header -> header.accept("Content-Type", ProblemDocument.TYPE),
          connection);
      LOG.log(Level.DEBUG, "A request could not be parsed: {0}", error.getClass().getName());
    }
  }
}
