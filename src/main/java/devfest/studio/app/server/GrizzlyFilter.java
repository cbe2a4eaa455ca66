package devfest.studio.app.server;

import devfest.studio.app.http.BodyFilter;
import devfest.studio.app.http.Front;
import devfest.studio.app.http.Head;
import devfest.studio.app.http.Refusal;
import devfest.studio.app.http.SignIn;
import devfest.studio.app.transfer.Arrival;
import devfest.studio.app.transfer.Arrivals;
import devfest.studio.app.transfer.Content;
import devfest.studio.http.Problem;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.glassfish.grizzly.Buffer;
import org.glassfish.grizzly.Connection;
import org.glassfish.grizzly.Grizzly;
import org.glassfish.grizzly.attributes.Attribute;
import org.glassfish.grizzly.filterchain.BaseFilter;
import org.glassfish.grizzly.filterchain.FilterChainContext;
import org.glassfish.grizzly.filterchain.FilterChainEvent;
import org.glassfish.grizzly.filterchain.NextAction;
import org.glassfish.grizzly.http.HttpContent;
import org.glassfish.grizzly.http.HttpEvents.IncomingHttpUpgradeEvent;
import org.glassfish.grizzly.http.HttpRequestPacket;
import org.glassfish.grizzly.http.HttpResponsePacket;
import org.glassfish.grizzly.http.server.HttpServerFilter;
import org.glassfish.grizzly.http.util.HttpStatus;

/**
 * Receives bodies on Payara. Grizzly calls its filters whenever bytes have come, so a filter in
 * front of the server's own can collect them; the request goes on when its body is complete, and
 * until then no thread belongs to it. (The servlet API's {@code ReadListener} is no way: after an
 * {@code AsyncContext.dispatch} Payara has no CDI request context.)
 *
 * <p>It takes the place of the server's filter in the chain, because Grizzly cannot add a filter
 * while connections are open. A refused request goes on at once, with the refusal as an attribute
 * for {@link GrizzlyGate}.
 */
final class GrizzlyFilter extends BaseFilter {

  /** Request attribute with the {@link Refusal} of a request. */
  static final String REFUSAL = "studio.refusal";

  private static final Logger LOG = System.getLogger(GrizzlyFilter.class.getName());

  private static final String ARRIVAL = "studio.arrival";

  private static final ThreadLocal<byte[]> BUFFER =
      ThreadLocal.withInitial(() -> new byte[16 * 1024]);

  private static final Attribute<Set<Arrival>> OPEN =
      Grizzly.DEFAULT_ATTRIBUTE_BUILDER.createAttribute("studio.arrivals");

  private final HttpServerFilter server;
  private final GrizzlyReaders readers;
  private final Front front;
  private final Arrivals arrivals;
  private final Predicate<String> ours;
  private final BiConsumer<HttpRequestPacket, Refusal> answerAndClose;

  /**
   * @param front may be called on any thread
   * @param ours returns whether the studio serves the path at the moment
   * @param answerAndClose refuses a request that the server's own filter has not seen
   */
  GrizzlyFilter(
      HttpServerFilter server,
      GrizzlyReaders readers,
      Front front,
      Arrivals arrivals,
      Predicate<String> ours,
      BiConsumer<HttpRequestPacket, Refusal> answerAndClose) {
    this.server = server;
    this.readers = readers;
    this.front = front;
    this.arrivals = arrivals;
    this.ours = ours;
    this.answerAndClose = answerAndClose;
  }

  @Override
  public NextAction handleRead(FilterChainContext context) throws IOException {
    if (!(context.getMessage() instanceof HttpContent content)
        || !(content.getHttpHeader() instanceof HttpRequestPacket request)) {
      return server.handleRead(context);
    }
    if (request.getAttribute(BodyFilter.SEEN) == null) {
      if (readers.hold(context, request)) {
        return context.getSuspendAction();
      }
      request.setAttribute(BodyFilter.SEEN, true);
    }
    if (request.getAttribute(ARRIVAL) instanceof Arrival arrival) {
      return receive(arrival, content, request, context);
    }
    if (request.getAttribute(REFUSAL) != null
        || isRefusedByGrizzly(request)
        || !hasBody(content, request)
        || !ours.test(request.getRequestURI())) {
      return server.handleRead(context);
    }
    return begin(content, request, context);
  }

  @Override
  public NextAction handleAccept(FilterChainContext context) throws IOException {
    GrizzlySettings.Bounds.limitSendBuffer(context.getConnection());
    return server.handleAccept(context);
  }

  @Override
  public NextAction handleClose(FilterChainContext context) throws IOException {
    open(context.getConnection()).forEach(Arrival::abort);
    readers.closed(context.getConnection());
    return server.handleClose(context);
  }

  @Override
  public void exceptionOccurred(FilterChainContext context, Throwable error) {
    server.exceptionOccurred(context, error);
  }

  /**
   * Ignores every upgrade but that to a WebSocket (RFC 9110 § 7.8 allows it): Grizzly would treat
   * all further bytes as the body and close the connection after the response, and Java's HTTP
   * client offers HTTP/2 with each first request.
   */
  @Override
  public NextAction handleEvent(FilterChainContext context, FilterChainEvent event)
      throws IOException {
    if (event instanceof IncomingHttpUpgradeEvent upgrade
        && !isWebSocket((HttpRequestPacket) upgrade.getHttpHeader())) {
      upgrade.getHttpHeader().setIgnoreContentModifiers(false);
      upgrade.getHttpHeader().getUpgradeDC().recycle();
    }
    return server.handleEvent(context, event);
  }

  /** Whether the request is a handshake of the form of RFC 6455 § 4.1, which has no body. */
  private static boolean isWebSocket(HttpRequestPacket request) {
    return request.getMethod() == org.glassfish.grizzly.http.Method.GET
        && "websocket".equalsIgnoreCase(request.getUpgrade());
  }

  /** Returns the bodies in arrival on a connection. */
  private static Set<Arrival> open(Connection<?> connection) {
    synchronized (connection) {
      Set<Arrival> open = OPEN.get(connection);
      if (open == null) {
        open = ConcurrentHashMap.newKeySet();
        OPEN.set(connection, open);
      }
      return open;
    }
  }

  /**
   * Whether Grizzly itself refuses a body. The handshake of a WebSocket is such a request, and
   * looks as if it had one.
   */
  private static boolean isRefusedByGrizzly(HttpRequestPacket request) {
    return request.getMethod() == org.glassfish.grizzly.http.Method.GET
        && !GrizzlyGate.isMultiplexed(request);
  }

  private static boolean hasBody(HttpContent content, HttpRequestPacket request) {
    return request.isExpectContent() || content.getContent().hasRemaining();
  }

  private NextAction begin(
      HttpContent content, HttpRequestPacket request, FilterChainContext context)
      throws IOException {
    Front.Verdict verdict = verdict(request);
    if (verdict.refusal() != null) {
      request.setAttribute(REFUSAL, verdict.refusal());
      return server.handleRead(context);
    }
    request.setAttribute(SignIn.CALLER, verdict.caller());
    if (content.isLast()) {
      return whole(content, verdict.limit(), request, context);
    }
    Arrival arrival;
    try {
      arrival =
          arrivals.begin(
              verdict.owner(),
              verdict.anonymous(),
              verdict.limit(),
              problem -> answerAndClose.accept(request, Refusal.of(problem)));
    } catch (Problem e) {
      return refuse(e, request, context);
    }
    request.setAttribute(ARRIVAL, arrival);
    if (request.requiresAcknowledgement()) {
      HttpResponsePacket response = request.getResponse();
      response.setStatus(HttpStatus.getHttpStatus(100));
      response.setAcknowledgement(true);
      context.write(response);
      acknowledged(request);
    }
    open(context.getConnection()).add(arrival);
    if (!context.getConnection().isOpen()) { // closed before the line above
      boolean ignored = arrival.abort();
    }
    return receive(arrival, content, request, context);
  }

  private Front.Verdict verdict(HttpRequestPacket request) {
    try {
      return front.admit(head(request));
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "A request could not be checked", e);
      return Front.Verdict.unavailable();
    }
  }

  /** A body that has come with the head needs no place among those in arrival. */
  private NextAction whole(
      HttpContent content, long limit, HttpRequestPacket request, FilterChainContext context)
      throws IOException {
    Arrival arrival = arrivals.whole(limit);
    try {
      copy(content.getContent(), arrival);
    } catch (Problem e) {
      boolean ignored = arrival.abort();
      return refuse(e, request, context);
    }
    request.setAttribute(BodyFilter.CONTENT, arrival.complete().orElseThrow());
    return server.handleRead(context);
  }

  /** Prevents a second 100, which Catalina would send when the servlet is called. */
  private static void acknowledged(HttpRequestPacket request) {
    try {
      Method setter =
          HttpRequestPacket.class.getDeclaredMethod("requiresAcknowledgement", boolean.class);
      setter.setAccessible(true);
      setter.invoke(request, false);
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.log(Level.DEBUG, "The client gets 100 twice, which HTTP allows", e);
    }
  }

  private NextAction receive(
      Arrival arrival, HttpContent content, HttpRequestPacket request, FilterChainContext context)
      throws IOException {
    try {
      copy(content.getContent(), arrival);
    } catch (Problem e) {
      return arrival.abort() ? refuse(e, request, context) : context.getStopAction();
    }
    if (!content.isLast()) {
      content.recycle();
      return context.getStopAction();
    }
    open(context.getConnection()).remove(arrival);
    Optional<Content> body = arrival.complete();
    if (body.isEmpty()) {
      return context.getStopAction(); // the connection is closing
    }
    request.setAttribute(BodyFilter.CONTENT, body.get());
    return server.handleRead(context);
  }

  private static void copy(Buffer from, Arrival to) {
    byte[] buffer = BUFFER.get();
    while (from.hasRemaining()) {
      int n = Math.min(from.remaining(), buffer.length);
      from.get(buffer, 0, n);
      to.add(buffer, 0, n);
    }
  }

  private NextAction refuse(Problem problem, HttpRequestPacket request, FilterChainContext context)
      throws IOException {
    request.removeAttribute(ARRIVAL);
    request.setAttribute(REFUSAL, Refusal.of(problem));
    return server.handleRead(context);
  }

  private static Head head(HttpRequestPacket request) {
    return new Head() {
      @Override
      public String method() {
        return request.getMethod().getMethodString();
      }

      @Override
      public String uri() {
        return request.getRequestURI();
      }

      @Override
      public List<String> headers(String name) {
        List<String> values = new ArrayList<>();
        request.getHeaders().values(name).forEach(values::add);
        return values;
      }

      @Override
      public boolean secure() {
        return request.isSecure();
      }

      @Override
      public String peer() {
        return request.getConnection().getPeerAddress() instanceof InetSocketAddress peer
            ? peer.getAddress().getHostAddress()
            : "";
      }
    };
  }
}
