package devfest.studio.sse;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;

/**
 * An open stream of server-sent events to one client.
 *
 * <p>Nothing here blocks: what the socket can't take waits. Frames come by {@link #send}, of which
 * at most {@value #MAX_PENDING_BYTES} bytes wait, and from a {@link FrameSource}, which is asked
 * only while the socket takes bytes. What is sent by {@link #sendState} goes last: whoever reads it has
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

  /**
   * Frames are gathered here, so a buffer below would only copy them. Undertow's is worse: what a
   * flush can't give to a full socket stays in it until the next write, with the stream "ready" all
   * the time.
   */
  private static final int NO_BUFFER = 1;

  private final Encoder encoder;
  private final Outbox outbox;
  private final WriteLoop loop;

  private EventStream(Encoder encoder, Outbox outbox, WriteLoop loop) {
    this.encoder = encoder;
    this.outbox = outbox;
    this.loop = loop;
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
    Outbox outbox = new Outbox(MAX_PENDING_BYTES);
    WriteLoop loop =
        new WriteLoop(context, keep, response.getOutputStream(), writer, closer, outbox);
    loop.start();
    return new EventStream(encoder, outbox, loop);
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

  /** Sets where further frames come from. They follow what has been sent before. */
  public void from(FrameSource frames) {
    loop.from(frames);
  }

  /** Looks for something to write, soon and on the writer's thread. */
  public void wake() {
    loop.wake();
  }

  /** Sends one frame; see {@link #send(OutboundSseEvent)}. */
  public CompletionStage<?> send(Frame frame) {
    return woken(outbox.add(frame));
  }

  /** The same, but an older frame of the key that has not been written yet is dropped for it. */
  public CompletionStage<?> replace(String key, Frame frame) {
    return woken(outbox.replace(key, frame));
  }

  /**
   * Sends a state once the source has nothing more to give. An older one of the key that has not
   * been written yet is dropped for it.
   */
  public CompletionStage<?> sendState(String key, Frame frame) {
    return woken(outbox.state(key, frame));
  }

  private CompletionStage<?> woken(CompletionStage<?> stage) {
    loop.wake();
    return stage;
  }

  /**
   * @return completes when the server has flushed the event and takes more; exceptionally when the
   *     data can't be encoded, when the stream closed before, or when too much waits already
   * @throws IllegalStateException when the stream is closed
   * @throws IllegalArgumentException when the id or the name can't stand on one line
   */
  @Override
  public CompletionStage<?> send(OutboundSseEvent event) {
    if (isClosed()) {
      throw new IllegalStateException("the stream is closed");
    }
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
    return loop.quietNanos();
  }

  /** Whether the socket takes no more bytes at present. */
  public boolean isBlocked() {
    return loop.isBlocked();
  }

  @Override
  public boolean isClosed() {
    return outbox.isClosed();
  }

  /**
   * Completes once, at the stream's end: normally when this side ended it, exceptionally when the
   * client went away or the connection failed.
   */
  @Override
  public CompletionStage<Void> ended() {
    return loop.ended();
  }

  /** Whether {@link #ended} has completed: nothing more will be written. */
  public boolean hasEnded() {
    return loop.ended().isDone();
  }

  /**
   * Ends the stream after what has been sent before; the source is not asked any more. A reader
   * that takes nothing keeps it from ending: see {@link #abort}.
   */
  @Override
  public void close() {
    outbox.close();
    loop.wake();
  }

  /** Ends the stream at once, whatever waits. */
  public void abort() {
    loop.abort();
  }
}
