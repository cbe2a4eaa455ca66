package devfest.studio.http;

import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends files while their clients accept bytes, so that a client that does not read occupies no
 * thread. A client that is slower than {@link Pace} allows is disconnected. Thread-safe.
 */
@ApplicationScoped
public class Downloads {

  /**
   * Request attribute with which a server's adapter can provide an {@link IntConsumer} that limits
   * the bytes that the server keeps for a client that does not read.
   */
  public static final String SEND_BUFFER = "devfest.studio.sse.send-buffer";

  /** Request attribute with the {@link Connection}. Without it, a thread waits for the client. */
  public static final String CONNECTION = Connection.class.getName();

  /** A client's connection, for which the Servlet API has no type. Thread-safe. */
  public interface Connection {

    boolean isOpen();

    /** Closes it immediately; what has not been sent is dropped. */
    void close();
  }

  private static final Logger LOG = System.getLogger(Downloads.class.getName());

  /** Bytes that fit the buffers of every connection, so that writing them does not wait. */
  private static final int SMALL = 32 * 1024;

  private static final int CHUNK = 16 * 1024;
  private static final int SEND_BUFFER_BYTES = 256 * 1024;

  /** A client that takes nothing for so long is disconnected. */
  private static final Duration STALLED = Duration.ofSeconds(30);

  /** Downloads that are not finished at the same time; the one that waits longest gives way. */
  private static final int MOST = 2_000;

  private final Set<Download> open = ConcurrentHashMap.newKeySet();

  @Resource ManagedExecutorService executor;
  @Resource private ManagedScheduledExecutorService scheduler;
  private @Nullable ScheduledFuture<?> checks;

  @PostConstruct
  void start() {
    checks = scheduler.scheduleWithFixedDelay(this::check, 1, 1, TimeUnit.SECONDS);
  }

  @PreDestroy
  void stop() {
    if (checks != null) {
      checks.cancel(false);
    }
    open.forEach(Download::disconnect);
  }

  private void check() {
    long now = System.nanoTime();
    for (Download download : open) {
      if (now - download.lastWrite > STALLED.toNanos()
          || Pace.isTooSlow(download.sent.get(), now - download.begin)) {
        try {
          download.disconnect();
        } catch (RuntimeException | Error e) { // thrown, it would end all checks
          LOG.log(Level.WARNING, "A slow client could not be disconnected", e);
        }
      }
    }
  }

  /**
   * Sends content of unknown length as the response of a Jakarta REST method. Returns before it is
   * sent if the client does not accept it at once.
   *
   * @param suspended the response of the method, which stays suspended until the content is sent
   * @param content is read by one thread at a time and closed at the end
   * @param source is closed after the content
   */
  public void send(
      HttpServletRequest request,
      AsyncResponse suspended,
      Map<String, String> headers,
      InputStream content,
      Closeable source)
      throws IOException {
    // The context's own response, because Jakarta REST may inject a slower proxy.
    HttpServletResponse response = (HttpServletResponse) request.getAsyncContext().getResponse();
    headers.forEach(response::setHeader);
    if (request.getAttribute(CONNECTION) instanceof Connection connection) {
      send(request, response, suspended, new Body(content, source, connection));
    } else {
      try (source;
          content) {
        content.transferTo(response.getOutputStream());
      }
      complete(request.getAsyncContext(), suspended);
    }
  }

  private static void complete(AsyncContext context, @Nullable AsyncResponse suspended) {
    if (suspended == null || !suspended.resume(Response.ok().build())) {
      context.complete();
    }
  }

  /**
   * Sends a file as the body of a response, whose status and headers are set. Returns before it is
   * sent if the client does not accept it at once.
   *
   * @param file is read by one thread at a time and closed at the end
   * @param source is closed after the file
   */
  public void send(
      HttpServletRequest request,
      HttpServletResponse response,
      long length,
      InputStream file,
      Closeable source)
      throws IOException {
    if (length <= SMALL || !(request.getAttribute(CONNECTION) instanceof Connection connection)) {
      try (source;
          file) {
        file.transferTo(response.getOutputStream());
      }
      return;
    }
    send(request, response, null, new Body(file, source, connection));
  }

  private void send(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable AsyncResponse suspended,
      Body body)
      throws IOException {
    if (request.getAttribute(SEND_BUFFER) instanceof IntConsumer sendBuffer) {
      sendBuffer.accept(SEND_BUFFER_BYTES);
    }
    if (open.size() >= MOST) {
      open.stream()
          .min((a, b) -> Long.compare(a.lastWrite, b.lastWrite))
          .ifPresent(Download::disconnect);
    }
    Download download = null;
    try {
      response.flushBuffer(); // fails if the client has disconnected
      AsyncContext context = suspended == null ? request.startAsync() : request.getAsyncContext();
      context.setTimeout(0); // check() limits the time
      ServletOutputStream out = response.getOutputStream();
      download = new Download(() -> complete(context, suspended), out, body);
      open.add(download);
      out.setWriteListener(download);
    } catch (IOException | RuntimeException | Error e) {
      if (response.isCommitted()) {
        body.connection().close(); // the client notices that the file is incomplete
      }
      if (download == null) {
        body.close();
      } else {
        download.disconnect(); // closes the file
      }
      throw e;
    }
  }

  /** What is sent to a connection. */
  private record Body(InputStream content, Closeable source, Connection connection)
      implements Closeable {

    @Override
    public void close() throws IOException {
      try (source) {
        content.close();
      }
    }
  }

  /** One download. The executor writes, on one thread at a time. */
  private final class Download implements WriteListener {

    private final Runnable complete;
    private final ServletOutputStream out;
    private final Body body;
    private final Connection connection;
    private final AtomicInteger wakes = new AtomicInteger();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final byte[] chunk = new byte[CHUNK];
    private boolean read;
    private volatile boolean failed;

    /** Whether the container has not reported a closed connection in time. */
    private volatile boolean overdue;

    /** Whether the container has not called the listener since it was not ready to write. */
    private volatile boolean awaited;

    private final long begin = System.nanoTime();
    private volatile long lastWrite = begin;
    private final AtomicLong sent = new AtomicLong();

    /**
     * @param complete completes the response
     */
    Download(Runnable complete, ServletOutputStream out, Body body) {
      this.complete = complete;
      this.out = out;
      this.body = body;
      this.connection = body.connection();
    }

    @Override
    public void onWritePossible() {
      awaited = false;
      wake();
    }

    @Override
    public void onError(Throwable fault) {
      failed = true;
      awaited = false;
      wake();
    }

    private void wake() {
      if (wakes.getAndIncrement() == 0) {
        try {
          executor.execute(this::write);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
          wakes.set(0); // so that check() can end the download
          failed = true;
          connection.close(); // the application stops, or there is no memory for a thread
        }
      }
    }

    private void write() {
      int seen = wakes.get();
      do {
        try {
          writeWhileReady();
        } catch (IOException | RuntimeException e) {
          fail();
          LOG.log(Level.DEBUG, "A client disconnected, or a file could not be read", e);
        } catch (Error e) {
          fail();
          LOG.log(Level.WARNING, "A download failed", e);
        } finally {
          if (failed && (!awaited || overdue)) {
            end(); // not before a call that is under way
          }
        }
        seen = wakes.addAndGet(-seen);
      } while (seen != 0);
    }

    private void writeWhileReady() throws IOException {
      while (!failed && !ended.get() && isReady()) {
        if (read) {
          end();
          break;
        }
        int n = body.content().read(chunk);
        lastWrite = System.nanoTime();
        if (n < 0) {
          read = true;
          out.flush();
        } else {
          out.write(chunk, 0, n);
          sent.addAndGet(n);
        }
      }
    }

    /** Closes the connection, so that the client notices that the file is incomplete. */
    private void fail() {
      failed = true;
      awaited = false;
      connection.close();
    }

    private boolean isReady() throws IOException {
      if (!connection.isOpen()) { // Payara releases the response, and logs what it calls then
        throw new IOException("The client has disconnected.");
      }
      awaited = true; // the call may come before a false is returned
      boolean ready = out.isReady();
      if (ready) {
        awaited = false;
      }
      return ready;
    }

    /**
     * Closes the connection, so that the client notices that the file is incomplete. The container
     * reports that; if it has not until the second call, the download ends nevertheless.
     */
    void disconnect() {
      overdue = failed;
      failed = true;
      connection.close();
      wake();
    }

    private void end() {
      if (ended.compareAndSet(false, true)) {
        open.remove(this);
        try (body) {
          complete.run();
        } catch (IOException | RuntimeException e) {
          LOG.log(Level.DEBUG, "A download was complete already", e);
        } catch (Error e) {
          connection.close();
          LOG.log(Level.WARNING, "A download could not be completed", e);
        }
      }
    }
  }
}
