package devfest.studio.sse;

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
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * An open stream of server-sent events to one client.
 *
 * <p>Nothing here blocks: what the socket can't take waits. Frames come by {@link #send}, of which
 * at most {@value #MAX_PENDING_BYTES} bytes wait, and from a {@link FrameSource}, which is asked
 * only while the socket takes bytes. What is sent by {@link #tell} goes last: whoever reads it has
 * read all that the source had. Everything that is ready goes out in one write. Safe for use from
 * many threads; all writing happens on the executor, by one thread at a time.
 */
public final class EventStream implements Sink {

  /** What may wait of events that were sent, in bytes; more is refused. */
  public static final int MAX_PENDING_BYTES = 128 * 1024;

  /**
   * Request attribute by which a server's adapter may offer an {@link IntConsumer} that sets the
   * send buffer of the connection's socket, in bytes. Servlets have no call for it.
   */
  public static final String SEND_BUFFER = "devfest.studio.sse.send-buffer";

  /**
   * A client that stops reading fills this buffer in the kernel (which doubles the figure) before
   * anybody notices. Left to itself Linux lets it grow to megabytes, and a thousand such clients
   * put all of the host's connections under memory pressure: 20 s of latency for everybody.
   */
  private static final int SEND_BUFFER_BYTES = 128 * 1024;

  private static final Logger LOG = System.getLogger(EventStream.class.getName());

  /**
   * Frames are gathered here, so a buffer below would only copy them. Undertow's is worse: what a
   * flush can't give to a full socket stays in it until the next write, with the stream "ready" all
   * the time.
   */
  private static final int NO_BUFFER = 1;

  /** What one write gathers; belongs to the thread that writes, not to the stream. */
  private static final ThreadLocal<Gathering> GATHERING = ThreadLocal.withInitial(Gathering::new);

  private final AsyncContext context;
  private final AsyncResponse keep;
  private final ServletOutputStream out;
  private final Executor writer;
  private final Executor closer;
  private final Encoder encoder;

  private final AtomicInteger wakes = new AtomicInteger();
  private final AtomicBoolean completed = new AtomicBoolean();
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  /** Guarded by itself. */
  private final Queue<Pending> pending = new ArrayDeque<>(2);

  private int pendingBytes;

  /** The newest state of each key; guarded by {@code pending}. */
  private final Map<String, Pending> states = new LinkedHashMap<>(2);

  /** Written, but not yet known to be taken; guarded by {@code pending}. */
  private List<CompletableFuture<Object>> written = List.of();

  private boolean unflushed;
  private volatile boolean blocked;
  private volatile boolean closing;
  private volatile FrameSource source = FrameSource.PAUSED;
  private volatile long lastWrite = System.nanoTime();

  private record Pending(String key, Frame frame, CompletableFuture<Object> sent) {}

  private EventStream(
      AsyncContext context,
      AsyncResponse keep,
      ServletOutputStream out,
      Executor writer,
      Executor closer,
      Encoder encoder) {
    this.context = context;
    this.keep = keep;
    this.out = out;
    this.writer = writer;
    this.closer = closer;
    this.encoder = encoder;
  }

  /**
   * Turns the request of a JAX-RS method into an open stream. The status and all headers go out at
   * once.
   *
   * @param keep the method's own {@code @Suspended} response, which stays suspended until the end
   * @param writer where writing happens; a single thread keeps the order between streams
   * @param closer where responses are completed, which may take a container as long as it waits for
   *     a client that has gone (Grizzly: its write timeout, twice)
   */
  public static EventStream open(
      HttpServletRequest request, AsyncResponse keep, Executor writer, Executor closer)
      throws IOException {
    return open(request, keep, writer, closer, Encoder.STANDARD);
  }

  /**
   * The same with events whose data the application's own writers encode.
   *
   * @param encoder for {@link #send(OutboundSseEvent)}
   */
  public static EventStream open(
      HttpServletRequest request,
      AsyncResponse keep,
      Executor writer,
      Executor closer,
      Encoder encoder)
      throws IOException {
    AsyncContext context = request.getAsyncContext();
    context.setTimeout(0);
    if (request.getAttribute(SEND_BUFFER) instanceof IntConsumer sendBuffer) {
      sendBuffer.accept(SEND_BUFFER_BYTES);
    }
    // The context's own response: what JAX-RS injects may be a slower stand-in.
    HttpServletResponse response = (HttpServletResponse) context.getResponse();
    response.setStatus(HttpServletResponse.SC_OK);
    Map<String, String> headers = headers(request.getProtocol());
    response.setContentType(headers.remove("Content-Type"));
    headers.forEach(response::setHeader);
    response.setBufferSize(NO_BUFFER);
    response.flushBuffer();
    EventStream stream =
        new EventStream(context, keep, response.getOutputStream(), writer, closer, encoder);
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
    return add(null, frame);
  }

  /** The same, but an older frame of the key that has not been written yet is dropped for it. */
  public CompletionStage<?> replace(String key, Frame frame) {
    return add(Objects.requireNonNull(key), frame);
  }

  /**
   * Sends a state once the source has nothing more to give. An older one of the key that has not
   * been written yet is dropped for it.
   */
  public CompletionStage<?> tell(String key, Frame frame) {
    CompletableFuture<Object> sent = new CompletableFuture<>();
    synchronized (pending) {
      ensureOpen();
      Pending older = states.remove(key);
      if (older != null) {
        older.sent().complete(null); // what it told is told by the newer one
      }
      states.put(key, new Pending(key, frame, sent));
    }
    wake();
    return sent;
  }

  private void ensureOpen() {
    if (isClosed()) {
      throw new IllegalStateException("the stream is closed");
    }
  }

  private CompletionStage<?> add(String key, Frame frame) {
    CompletableFuture<Object> sent = new CompletableFuture<>();
    synchronized (pending) {
      ensureOpen();
      if (key != null) {
        drop(key);
      }
      if (key == null && pendingBytes + frame.size() > MAX_PENDING_BYTES && !pending.isEmpty()) {
        sent.completeExceptionally(
            new IllegalStateException("the reader is too slow: " + pendingBytes + " bytes wait"));
        return sent;
      }
      pending.add(new Pending(key, frame, sent));
      pendingBytes += frame.size();
    }
    wake();
    return sent;
  }

  private void drop(String key) {
    for (Iterator<Pending> each = pending.iterator(); each.hasNext(); ) {
      Pending older = each.next();
      if (key.equals(older.key())) {
        each.remove();
        pendingBytes -= older.frame().size();
        older.sent().complete(null); // what it told is told by the newer one
      }
    }
  }

  /**
   * @return completes when the server has flushed the event and takes more; exceptionally when the
   *     data can't be encoded, when the stream closed before, or when too much waits already
   * @throws IllegalStateException when the stream is closed
   * @throws IllegalArgumentException when the id or the name can't stand on one line
   */
  @Override
  public CompletionStage<?> send(OutboundSseEvent event) {
    ensureOpen();
    Objects.requireNonNull(event, "event");
    TextEvent text;
    try {
      text = encoder.encode(event);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
    return send(Frame.text(text));
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
    return closing || end.isDone();
  }

  /**
   * Completes once, at the stream's end: normally when this side ended it, exceptionally when the
   * client went away or the connection failed.
   */
  @Override
  public CompletionStage<Void> ended() {
    return end;
  }

  /** Whether {@link #ended} has completed: nothing more will be written. */
  public boolean hasEnded() {
    return end.isDone();
  }

  /**
   * Ends the stream after what has been sent before; the source is not asked any more. A reader
   * that takes nothing keeps it from ending: see {@link #abort}.
   */
  @Override
  public void close() {
    closing = true;
    wake();
  }

  /** Ends the stream at once, whatever waits. */
  public void abort() {
    finish(null);
    later(this::complete);
  }

  /** A request may be completed only from a thread of our own. */
  private void later(Runnable action) {
    try {
      writer.execute(action);
    } catch (RejectedExecutionException e) {
      finish(e); // the application has stopped; the container ends what is left
    }
  }

  private void drain() {
    int seen = wakes.get();
    do {
      try {
        write();
      } catch (IOException e) {
        finish(e); // the client is gone
        complete();
      } catch (Throwable e) {
        LOG.log(Level.WARNING, "A stream failed and ends", e);
        finish(e);
        complete();
      }
      seen = wakes.addAndGet(-seen);
    } while (seen != 0);
  }

  private void write() throws IOException {
    Gathering bytes = GATHERING.get();
    while (!end.isDone()) {
      // Asked anew after each write and flush: what is refused here is told by onWritePossible.
      if (!out.isReady()) {
        blocked = true;
        return;
      }
      blocked = false;
      if (!unflushed) {
        taken();
      }
      boolean ends = closing; // before it is looked at what waits: of that nothing is left behind
      gather(bytes);
      if (bytes.length() > 0) {
        unflushed = true;
        bytes.writeTo(out);
        lastWrite = System.nanoTime();
      } else if (unflushed) {
        unflushed = false;
        out.flush();
      } else {
        if (ends) {
          finish(null);
          complete();
        }
        return;
      }
    }
  }

  private void gather(Gathering bytes) throws IOException {
    bytes.clear();
    synchronized (pending) {
      while (!pending.isEmpty() && !bytes.isFull()) {
        Pending next = pending.remove();
        pendingBytes -= next.frame().size();
        gather(next, bytes);
      }
    }
    while (!closing && !bytes.isFull()) {
      Frame next = next();
      if (next == null) {
        break;
      }
      bytes.add(next);
    }
    synchronized (pending) {
      // Asked under the lock: of a state that is seen here the source has been told before.
      Iterator<Pending> each = states.values().iterator();
      while (each.hasNext() && !bytes.isFull() && (closing || source.isRead())) {
        gather(each.next(), bytes);
        each.remove();
      }
    }
  }

  private void gather(Pending next, Gathering bytes) {
    bytes.add(next.frame());
    if (written.isEmpty()) {
      written = new ArrayList<>(1);
    }
    written.add(next.sent());
  }

  private Frame next() throws IOException {
    try {
      return source.next();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "A stream's source failed, so the stream ends", e);
      throw new IOException("the source failed", e);
    }
  }

  private void taken() {
    List<CompletableFuture<Object>> stages;
    synchronized (pending) {
      stages = written;
      written = List.of();
    }
    stages.forEach(stage -> stage.complete(null));
  }

  /**
   * The end, once.
   *
   * @param fault null when this side wants it
   */
  private void finish(Throwable fault) {
    List<CompletableFuture<Object>> unsent = new ArrayList<>();
    synchronized (pending) {
      closing = true;
      unsent.addAll(written);
      pending.forEach(each -> unsent.add(each.sent()));
      states.values().forEach(each -> unsent.add(each.sent()));
      written = List.of();
      pending.clear();
      states.clear();
      pendingBytes = 0;
    }
    source = FrameSource.PAUSED;
    IOException reason = new IOException("the stream has ended", fault);
    unsent.forEach(sent -> sent.completeExceptionally(reason));
    if (fault == null) {
      end.complete(null);
    } else {
      end.completeExceptionally(fault);
    }
  }

  /** After the end, from the writer's thread: nothing is being written any more. */
  private void complete() {
    if (completed.compareAndSet(false, true)) {
      try {
        closer.execute(this::completeNow);
      } catch (RejectedExecutionException e) {
        completeNow(); // the application has stopped
      }
    }
  }

  private void completeNow() {
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

  private final class Writable implements WriteListener {
    @Override
    public void onWritePossible() {
      wake();
    }

    @Override
    public void onError(Throwable fault) {
      finish(fault);
      later(EventStream.this::complete);
    }
  }

  /** The container's view of the end; may come from inside a flush. */
  private final class Ends implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      completed.set(true);
      finish(null);
    }

    @Override
    public void onError(AsyncEvent event) {
      finish(event.getThrowable() == null ? new IOException("cut") : event.getThrowable());
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
