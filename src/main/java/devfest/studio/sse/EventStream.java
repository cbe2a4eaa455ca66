package devfest.studio.sse;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open stream of server-sent events to one client.
 *
 * <p>Nothing here blocks: what the socket can't take waits. Frames come by {@link #send}, of which
 * at most {@value #MAX_PENDING_BYTES} bytes wait, and from a {@link FrameSource}, which is asked
 * only while the socket takes bytes. Everything that is ready goes out in one write. Safe for use
 * from many threads; all writing happens on the executor, by one thread at a time.
 */
public final class EventStream implements SseEventSink {

  /** What may wait of events that were sent, in bytes; more is refused. */
  public static final int MAX_PENDING_BYTES = 512 * 1024;

  private static final int MAX_WRITE_BYTES = 64 * 1024;
  private static final Jsonb JSON = JsonbBuilder.create();
  private static final FrameSource NOTHING = () -> null;

  private final AsyncContext context;
  private final AsyncResponse keep;
  private final ServletOutputStream out;
  private final Executor writer;
  private final Runnable onClose;

  private final AtomicInteger wakes = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Deque<Pending> pending = new ArrayDeque<>();
  private int pendingBytes;
  private boolean unflushed;
  private volatile boolean blocked;
  private volatile FrameSource source = NOTHING;
  private volatile boolean closing;
  private volatile long lastWrite = System.nanoTime();

  private record Pending(Frame frame, CompletableFuture<Object> sent) {}

  private EventStream(
      AsyncContext context,
      AsyncResponse keep,
      ServletOutputStream out,
      Executor writer,
      Runnable onClose) {
    this.context = context;
    this.keep = keep;
    this.out = out;
    this.writer = writer;
    this.onClose = onClose;
  }

  /**
   * Turns the request of a JAX-RS method into an open stream. The status and all headers go out at
   * once.
   *
   * @param keep the method's own {@code @Suspended} response, which stays suspended until the end
   * @param writer where writing happens; a single thread keeps the order between streams
   * @param onClose runs once, when the stream has ended for whatever reason
   */
  public static EventStream open(
      HttpServletRequest request, AsyncResponse keep, Executor writer, Runnable onClose)
      throws IOException {
    AsyncContext context = request.getAsyncContext();
    context.setTimeout(0);
    // The context's own response: what JAX-RS injects may be a slower stand-in.
    HttpServletResponse response = (HttpServletResponse) context.getResponse();
    response.setStatus(HttpServletResponse.SC_OK);
    Map<String, String> headers = headers(request.getProtocol());
    response.setContentType(headers.remove("Content-Type"));
    headers.forEach(response::setHeader);
    response.flushBuffer();
    EventStream stream =
        new EventStream(context, keep, response.getOutputStream(), writer, onClose);
    context.addListener(stream.new Ends());
    stream.out.setWriteListener(stream.new Writable());
    return stream;
  }

  /** The headers of a stream over the protocol, for example {@code HTTP/1.1}. */
  public static Map<String, String> headers(String protocol) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "text/event-stream;charset=UTF-8");
    headers.put("Cache-Control", "no-cache, no-store, no-transform");
    headers.put("X-Accel-Buffering", "no");
    if (protocol.equals("HTTP/1.1")) {
      headers.put("Connection", "keep-alive");
    }
    return headers;
  }

  /** Names where further frames come from. They follow what has been sent before. */
  public void from(FrameSource frames) {
    source = frames;
    wake();
  }

  /** Looks for something to write, soon and on the writer's thread. */
  public void wake() {
    if (wakes.getAndIncrement() == 0) {
      later(this::drain);
    }
  }

  /** Sends one frame; see {@link #send(OutboundSseEvent)}. */
  public CompletionStage<?> send(Frame frame) {
    CompletableFuture<Object> sent = new CompletableFuture<>();
    synchronized (pending) {
      if (isClosed()) {
        throw new IllegalStateException("the stream is closed");
      }
      if (pendingBytes + frame.size() > MAX_PENDING_BYTES && !pending.isEmpty()) {
        sent.completeExceptionally(
            new IllegalStateException("the reader is too slow: " + pendingBytes + " bytes wait"));
        return sent;
      }
      pending.add(new Pending(frame, sent));
      pendingBytes += frame.size();
    }
    wake();
    return sent;
  }

  /**
   * @return completes when the bytes have been given to the socket; exceptionally when the stream
   *     closed before, or when too much waits already
   */
  @Override
  public CompletionStage<?> send(OutboundSseEvent event) {
    Object data = event.getData();
    return send(
        Frame.of(
            event, data == null || data instanceof String ? (String) data : JSON.toJson(data)));
  }

  /** Nanoseconds since bytes were last given to the socket. */
  public long quietNanos() {
    return System.nanoTime() - lastWrite;
  }

  /** Whether the socket takes no more bytes at present. */
  public boolean isBlocked() {
    return blocked;
  }

  @Override
  public boolean isClosed() {
    return closing || closed.get();
  }

  /** Ends the stream after what has been sent before; the source is not asked any more. */
  @Override
  public void close() {
    closing = true;
    wake();
  }

  /** Ends the stream at once, whatever waits. */
  public void abort() {
    closing = true;
    closed();
    later(this::complete);
  }

  /** A request may be completed only from a thread of our own. */
  private void later(Runnable action) {
    try {
      writer.execute(action);
    } catch (RejectedExecutionException e) {
      closed(); // the studio has stopped; the container ends what is left
    }
  }

  private void drain() {
    int seen = wakes.get();
    do {
      try {
        write();
      } catch (IOException | IllegalStateException e) {
        abort(); // the client is gone
      }
      seen = wakes.addAndGet(-seen);
    } while (seen != 0);
  }

  private void write() throws IOException {
    while (!closed.get()) {
      if (!out.isReady()) {
        blocked = true; // until onWritePossible
        return;
      }
      blocked = false;
      List<CompletableFuture<Object>> sent = new ArrayList<>();
      byte[] bytes = gather(sent);
      if (bytes.length > 0) {
        unflushed = true;
        out.write(bytes);
        lastWrite = System.nanoTime();
        sent.forEach(stage -> stage.complete(null));
      } else if (unflushed) {
        unflushed = false;
        out.flush();
      } else {
        if (closing) {
          closed();
          complete();
        }
        return;
      }
    }
  }

  private byte[] gather(List<CompletableFuture<Object>> sent) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    synchronized (pending) {
      while (!pending.isEmpty() && bytes.size() < MAX_WRITE_BYTES) {
        Pending next = pending.remove();
        bytes.writeBytes(next.frame().bytes());
        pendingBytes -= next.frame().size();
        sent.add(next.sent());
      }
    }
    while (!closing && bytes.size() < MAX_WRITE_BYTES) {
      Frame next = source.next();
      if (next == null) {
        break;
      }
      bytes.writeBytes(next.bytes());
    }
    return bytes.toByteArray();
  }

  private void closed() {
    if (closed.compareAndSet(false, true)) {
      List<Pending> unsent;
      synchronized (pending) {
        unsent = new ArrayList<>(pending);
        pending.clear();
        pendingBytes = 0;
      }
      source = NOTHING;
      unsent.forEach(p -> p.sent().completeExceptionally(new IOException("the stream closed")));
      onClose.run();
    }
  }

  private void complete() {
    if (ended.compareAndSet(false, true)) {
      try {
        if (keep.resume(Response.ok().build())) {
          return;
        }
      } catch (RuntimeException e) {
        // JAX-RS is already shutting down: end it below it.
      }
      try {
        context.complete();
      } catch (RuntimeException e) {
        // Already completed, which is what was wanted.
      }
    }
  }

  private final class Writable implements WriteListener {
    @Override
    public void onWritePossible() {
      wake();
    }

    @Override
    public void onError(Throwable t) {
      closing = true;
      closed();
      later(EventStream.this::complete);
    }
  }

  /** The container's view of the end; may come from inside a flush. */
  private final class Ends implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      ended.set(true);
      closing = true;
      closed();
    }

    @Override
    public void onError(AsyncEvent event) {
      closing = true;
      closed();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      // never set
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
      // the same request is not started twice
    }
  }
}
