package devfest.studio.app.server;

import devfest.studio.app.http.BodyFilter;
import devfest.studio.app.http.Front;
import devfest.studio.app.http.Head;
import devfest.studio.app.http.HeadersFilter;
import devfest.studio.app.http.Refusal;
import devfest.studio.app.http.SignIn;
import devfest.studio.app.transfer.Arrival;
import devfest.studio.app.transfer.Arrivals;
import devfest.studio.app.transfer.Content;
import devfest.studio.http.Problem;
import devfest.studio.security.Origins;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.Connectors;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.util.AttachmentKey;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Protocols;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSourceChannel;

/**
 * Receives bodies on WildFly, before the servlet container sees the request: an I/O thread reads
 * bytes when they have come, and the request goes on when its body is complete. Until then no
 * thread belongs to it. Thread-safe.
 */
public final class UndertowBodies {

  /** The instance of this deployment; each deployment loads its own copy of the class. */
  public static final UndertowBodies OURS = new UndertowBodies();

  private static final Logger LOG = System.getLogger(UndertowBodies.class.getName());

  /** Attributes that the servlet request gets. */
  private static final AttachmentKey<Map<String, Object>> ATTRIBUTES = attributesKey();

  /** How long a refused client may still send, so that it reads the response. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  /** The begin of a URI in absolute form (RFC 9112 § 3.2.2). */
  private static final Pattern HOST = Pattern.compile("^[a-zA-Z][a-zA-Z0-9+.-]*://[^/]*");

  /** Reads of discarded bytes in a row, because other connections share the thread. */
  private static final int MOST_READS = 16;

  private static final ThreadLocal<byte[]> BUFFER =
      ThreadLocal.withInitial(() -> new byte[16 * 1024]);

  private volatile @Nullable Parts parts;

  /** What the application provides while it runs. */
  private record Parts(Front front, Arrivals arrivals, Origins origins) {}

  private UndertowBodies() {}

  @SuppressWarnings({"unchecked", "rawtypes"}) // a class has no type arguments
  private static AttachmentKey<Map<String, Object>> attributesKey() {
    return (AttachmentKey) AttachmentKey.create(Map.class);
  }

  /**
   * Starts to receive bodies. Before, requests have none.
   *
   * @param front may be called on any thread
   */
  public void open(Front front, Arrivals arrivals, Origins origins) {
    UndertowListeners.OURS.lift(); // a listener may have started after the deployment
    parts = new Parts(front, arrivals, origins);
  }

  public void close() {
    parts = null;
  }

  /** Passes the body and the caller to the servlet request. */
  static void describe(HttpServerExchange exchange, ServletRequest request) {
    request.setAttribute(BodyFilter.SEEN, true);
    Map<String, Object> attributes = exchange.getAttachment(ATTRIBUTES);
    if (attributes != null) {
      attributes.forEach(request::setAttribute);
    }
  }

  void handle(HttpServerExchange exchange, HttpHandler next) throws Exception {
    Parts now = parts;
    if (now == null || exchange.isRequestComplete()) {
      next.handleRequest(exchange);
    } else if (exchange.isInIoThread()) {
      exchange.dispatch((HttpHandler) dispatched -> begin(now, dispatched, next)); // may wait
    } else {
      begin(now, exchange, next);
    }
  }

  private static void begin(Parts parts, HttpServerExchange exchange, HttpHandler next) {
    Front.Verdict verdict = verdict(parts.front(), exchange);
    StreamSourceChannel channel = exchange.getRequestChannel();
    Refusal refusal = verdict.refusal();
    if (refusal != null) {
      exchange.dispatch(
          exchange.getIoThread(), () -> refuse(refusal, parts.origins(), channel, exchange));
      return;
    }
    Arrival arrival;
    try {
      arrival =
          parts
              .arrivals()
              .begin(
                  verdict.owner(),
                  verdict.anonymous(),
                  verdict.limit(),
                  problem -> cut(problem, channel, parts.origins(), exchange));
    } catch (Problem e) {
      exchange.dispatch(
          exchange.getIoThread(), () -> refuse(Refusal.of(e), parts.origins(), channel, exchange));
      return;
    }
    Reception reception =
        new Reception(
            exchange,
            channel,
            arrival,
            reason -> refuse(reason, parts.origins(), channel, exchange),
            content -> {
              exchange.addExchangeCompleteListener(
                  (done, following) -> {
                    content.release();
                    following.proceed();
                  });
              exchange.putAttachment(
                  ATTRIBUTES, Map.of(BodyFilter.CONTENT, content, SignIn.CALLER, verdict.caller()));
              Connectors.resetRequestChannel(exchange);
              exchange.dispatch(next);
            });
    // Runs when this call has returned, so that the exchange does not end with it; on the thread
    // that also cuts a body.
    exchange.dispatch(exchange.getIoThread(), reception::start);
  }

  private static Front.Verdict verdict(Front front, HttpServerExchange exchange) {
    try {
      return front.admit(head(exchange));
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "A request could not be checked", e);
      return Front.Verdict.unavailable();
    }
  }

  /** Refuses a body from another thread. */
  private static void cut(
      Problem problem, StreamSourceChannel channel, Origins origins, HttpServerExchange exchange) {
    exchange.getIoThread().execute(() -> refuse(Refusal.of(problem), origins, channel, exchange));
  }

  /**
   * Sends the refusal, and discards what the client still sends for a while: it would not see the
   * response if the connection closed at once. Called on the I/O thread.
   */
  private static void refuse(
      Refusal refusal, Origins origins, StreamSourceChannel channel, HttpServerExchange exchange) {
    HeaderMap headers = exchange.getResponseHeaders();
    HeadersFilter.of(
        exchange.getRequestHeaders().getFirst("Origin"),
        origins,
        (name, value) -> headers.put(new HttpString(name), value));
    refusal.describe((name, value) -> headers.put(new HttpString(name), value));
    exchange.setStatusCode(refusal.status());
    ByteBuffer document = ByteBuffer.wrap(refusal.document(exchange.getRequestURI()));
    Sender sender = exchange.getResponseSender();
    Runnable closing = () -> IoUtils.safeClose(exchange.getConnection());
    if (exchange.getProtocol().equals(Protocols.HTTP_2_0)) { // other requests use the connection
      sender.send(document, IoCallback.END_EXCHANGE);
      return;
    }
    exchange.setPersistent(false);
    headers.put(Headers.CONNECTION, "close");
    sender.send(
        document,
        new Next(() -> sender.close(new Next(() -> discard(channel, exchange), closing)), closing));
    exchange.getIoThread().executeAfter(closing, LINGER.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void discard(StreamSourceChannel channel, HttpServerExchange exchange) {
    channel.getReadSetter().set(readable -> discard(readable, exchange));
    try {
      ByteBuffer buffer = ByteBuffer.wrap(BUFFER.get());
      int n = 1;
      for (int i = 0; i < MOST_READS && n > 0; i++) {
        n = channel.read(buffer.clear());
      }
      if (n >= 0) {
        channel.resumeReads(); // the selector calls again, after the other connections
      } else {
        exchange.endExchange();
      }
    } catch (IOException e) {
      IoUtils.safeClose(exchange.getConnection());
    }
  }

  /** What happens when a part of a response is sent, or cannot be sent. */
  private record Next(Runnable action, Runnable failure) implements IoCallback {

    @Override
    public void onComplete(HttpServerExchange sent, Sender sender) {
      action.run();
    }

    @Override
    public void onException(HttpServerExchange sent, Sender sender, IOException exception) {
      failure.run();
    }
  }

  private static Head head(HttpServerExchange exchange) {
    return new Head() {
      @Override
      public String method() {
        return exchange.getRequestMethod().toString();
      }

      @Override
      public String uri() {
        String uri = exchange.getRequestURI();
        return exchange.isHostIncludedInRequestURI() ? HOST.matcher(uri).replaceFirst("") : uri;
      }

      @Override
      public List<String> headers(String name) {
        HeaderValues values = exchange.getRequestHeaders().get(name);
        return values == null ? List.of() : List.copyOf(values);
      }

      @Override
      public boolean secure() {
        return exchange.isSecure();
      }

      @Override
      public String peer() {
        InetSocketAddress peer = exchange.getSourceAddress();
        return peer.isUnresolved() ? peer.getHostString() : peer.getAddress().getHostAddress();
      }
    };
  }

  /** Reads one body while its bytes are there. Used by one thread at a time. */
  private static final class Reception {

    private final HttpServerExchange exchange;
    private final StreamSourceChannel channel;
    private final Arrival arrival;
    private final Consumer<Refusal> refused;
    private final Consumer<Content> received;

    Reception(
        HttpServerExchange exchange,
        StreamSourceChannel channel,
        Arrival arrival,
        Consumer<Refusal> refused,
        Consumer<Content> received) {
      this.exchange = exchange;
      this.channel = channel;
      this.arrival = arrival;
      this.refused = refused;
      this.received = received;
    }

    void start() {
      if (HttpContinue.requiresContinueResponse(exchange)) {
        HttpContinue.sendContinueResponse(exchange, new Next(this::listen, this::lost));
      } else {
        listen();
      }
    }

    private void listen() {
      channel.getReadSetter().set(readable -> read());
      read();
    }

    private void read() {
      byte[] buffer = BUFFER.get();
      try {
        while (true) {
          int n = channel.read(ByteBuffer.wrap(buffer));
          if (n == 0) {
            channel.resumeReads();
            return;
          }
          if (n < 0) {
            end();
            Optional<Content> content = arrival.complete();
            content.ifPresent(received);
            return;
          }
          arrival.add(buffer, 0, n);
        }
      } catch (Problem e) {
        refuse(e);
      } catch (IOException | RuntimeException e) { // the client has left, or a chunk is malformed
        LOG.log(Level.DEBUG, "A body could not be read", e);
        refuse(Problem.badRequest("The body cannot be decoded."));
      }
    }

    private void end() {
      channel.getReadSetter().set(null);
      channel.suspendReads();
    }

    private void refuse(Problem problem) {
      if (arrival.abort()) {
        end();
        refused.accept(Refusal.of(problem));
      }
    }

    private void lost() {
      if (arrival.abort()) {
        end();
        exchange.setPersistent(false);
        exchange.endExchange();
      }
    }
  }
}
