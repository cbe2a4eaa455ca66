package devfest.studio.outgoing;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * The client for requests to other systems. Each exchange uses a connection of its own, over
 * HTTP/1.1. A request connects to an address that was checked, so a name that is resolved
 * differently a second time makes no difference. Redirects are not followed, and nothing is sent
 * twice. Requests to {@link Reach#ANYWHERE} go through the HTTP proxy of the JVM, if it has one;
 * others never do, because a proxy resolves names itself. Immutable and safe for use from many
 * threads.
 */
public final class Outgoing {

  private static final Logger LOG = System.getLogger(Outgoing.class.getName());

  /** Until the connection is open; the next address of the host is tried after that. */
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** For the check of a URL, for which a client waits. */
  private static final Duration LOOKUP = Duration.ofSeconds(3);

  /** Bounds the threads that wait for name servers which do not answer. */
  private static final Semaphore LOOKUPS = new Semaphore(32);

  /** A thread without work ends after this time, so that a redeployment leaves none. */
  private static final Duration IDLE = Duration.ofSeconds(5);

  /** What all clients have in common: the threads and the TLS of the JVM. */
  static final OkHttpClient COMMON =
      new OkHttpClient.Builder()
          .dispatcher(dispatcher())
          .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
          .build();

  private final Reach reach;
  private final Duration deadline;
  private final long maxBytes;
  private final OkHttpClient client;

  /** Starts each request at once: the callers limit their number. */
  private static Dispatcher dispatcher() {
    Dispatcher dispatcher =
        new Dispatcher(
            new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
                new SynchronousQueue<>(),
                Outgoing::thread));
    dispatcher.setMaxRequests(Integer.MAX_VALUE);
    dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
    return dispatcher;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "studio-outgoing");
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler(
        (ignored, e) -> LOG.log(Level.WARNING, "OkHttp cannot read a response", e));
    return thread;
  }

  /**
   * @param deadline for the whole exchange, from the resolution of the name to the end of the body
   * @param maxBytes the maximum size of the body of a response
   */
  public Outgoing(Reach reach, Duration deadline, long maxBytes) {
    this(reach, deadline, maxBytes, COMMON);
  }

  /**
   * @param base from {@link #COMMON}; how to resolve names, and which certificates to trust
   */
  Outgoing(Reach reach, Duration deadline, long maxBytes, OkHttpClient base) {
    this.reach = reach;
    this.deadline = deadline;
    this.maxBytes = maxBytes;
    OkHttpClient.Builder builder =
        base.newBuilder()
            .protocols(List.of(Protocol.HTTP_1_1))
            .followRedirects(false)
            .followSslRedirects(false)
            .retryOnConnectionFailure(false)
            .fastFallback(false)
            .connectTimeout(CONNECT)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .callTimeout(deadline)
            .dns(host -> checked(base.dns().lookup(host)))
            .addNetworkInterceptor(new Head());
    this.client =
        (reach == Reach.ANYWHERE
                ? builder.proxySelector(new Proxies())
                : builder.proxy(Proxy.NO_PROXY))
            .build();
  }

  /** All addresses of a name must be allowed. */
  private List<InetAddress> checked(List<InetAddress> addresses) throws UnknownHostException {
    try {
      for (InetAddress address : addresses) {
        reach.check(address);
      }
      return addresses;
    } catch (OutgoingException e) {
      UnknownHostException wrapped = new UnknownHostException();
      wrapped.initCause(e);
      throw wrapped;
    }
  }

  /**
   * Checks that a request to a URL may connect, without connecting. Each request checks again.
   * Takes at most {@link #LOOKUP}, though the resolver may take longer.
   *
   * @throws OutgoingException if the host is unknown, cannot be found in time, or has an address
   *     that is not allowed
   */
  public void check(URI uri) throws OutgoingException {
    String host = HttpUrl.get(uri.toASCIIString()).host();
    if (!LOOKUPS.tryAcquire()) {
      throw unknown(null);
    }
    CompletableFuture<List<InetAddress>> found =
        CompletableFuture.supplyAsync(() -> lookup(host), COMMON.dispatcher().executorService());
    try {
      List<InetAddress> ignored = found.get(LOOKUP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw cause != null && cause.getCause() instanceof OutgoingException refusal
          ? refusal
          : unknown(cause);
    } catch (TimeoutException e) {
      throw unknown(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown(e);
    }
  }

  private List<InetAddress> lookup(String host) {
    try {
      return client.dns().lookup(host);
    } catch (UnknownHostException e) {
      throw new CompletionException(e);
    } finally {
      LOOKUPS.release();
    }
  }

  private static OutgoingException unknown(@Nullable Throwable cause) {
    return new OutgoingException(
        OutgoingException.Reason.UNREACHABLE, "has a host that is not known", cause);
  }

  /**
   * Sends a request and reads the whole response.
   *
   * @return the response with its whole body, which needs no closing
   * @throws OutgoingException if the request fails, or the response exceeds a bound
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public Response send(Request request) throws OutgoingException, InterruptedException {
    return exchange(request, Response::whole);
  }

  /**
   * Sends a request and returns when the headers of the response have arrived. The caller must
   * close the response.
   *
   * @throws OutgoingException if the request fails, or the headers exceed a bound
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public Response open(Request request) throws OutgoingException, InterruptedException {
    return exchange(request, response -> response);
  }

  private Response exchange(Request request, Exchange.Step step)
      throws OutgoingException, InterruptedException {
    Line line = new Line(reach);
    OkHttpClient one = client.newBuilder().socketFactory(line).build();
    return new Exchange(one.newCall(request.http()), line, deadline, maxBytes, step).await();
  }
}
