package devfest.studio.sse;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletRequest;
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
 * An open stream of events to one client: server-sent events, or the messages of another {@link
 * Output}.
 *
 * <p>No method blocks. Frames come from {@link #send}, which buffers at most {@value
 * #MAX_PENDING_BYTES} bytes, and from a {@link FrameSource}, which is called only while the socket
 * accepts bytes. A state from {@link #sendState} is written after every frame that the source has
 * available. All available frames go out in one write. Safe for use from many threads; only the
 * executor writes, on one thread at a time.
 */
public final class EventStream implements Sink {

  /**
   * Maximum number of pending bytes of {@link #send}; further events are refused. Enough for
   * bursts, and bounded because slow clients can be many.
   */
  public static final int MAX_PENDING_BYTES = 128 * 1024;

  /**
   * Request attribute with which a server's adapter can provide an {@link IntConsumer} that sets
   * the send buffer size of the connection's socket, in bytes. The Servlet API has no method for
   * it.
   */
  public static final String SEND_BUFFER = "devfest.studio.sse.send-buffer";

  /**
   * A client that stops reading fills this kernel buffer (Linux doubles the value) before the
   * server notices. By default Linux lets it grow to megabytes, and a thousand such clients put all
   * connections of the host under memory pressure: latencies of 20 s for every client.
   */
  private static final int SEND_BUFFER_BYTES = 128 * 1024;

  /**
   * Frames are already combined into one write, so the response's own buffer would only copy them.
   * Undertow's buffer also holds bytes back: what a flush cannot write to a full socket stays there
   * until the next write, although the stream reports that it is ready.
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
   * Opens a stream as the response of a JAX-RS method. Sends the status and all headers
   * immediately.
   *
   * @param suspended the method's {@code @Suspended} response, which stays suspended until the
   *     stream ends
   * @param writer writes the stream; a single thread keeps the order between streams
   * @param closer completes responses, which may block while the container waits for a client that
   *     has disconnected (Grizzly: twice its write timeout)
   */
  public static EventStream open(
      HttpServletRequest request, AsyncResponse suspended, Executor writer, Executor closer)
      throws IOException {
    return open(request, suspended, writer, closer, Encoder.STANDARD);
  }

  /**
   * The same, with an encoder such as one of the application.
   *
   * @param encoder for {@link #send(OutboundSseEvent)}
   */
  public static EventStream open(
      HttpServletRequest request,
      AsyncResponse suspended,
      Executor writer,
      Executor closer,
      Encoder encoder)
      throws IOException {
    AsyncContext context = request.getAsyncContext();
    context.setTimeout(0);
    boundSendBuffer(request);
    // The context's own response, because JAX-RS may inject a slower proxy.
    HttpServletResponse response = (HttpServletResponse) context.getResponse();
    response.setStatus(HttpServletResponse.SC_OK);
    Map<String, String> headers = headers(request.getProtocol());
    response.setContentType(headers.remove("Content-Type"));
    headers.forEach(response::setHeader);
    response.setBufferSize(NO_BUFFER);
    response.flushBuffer();
    return over(
        new ServletOutput(context, suspended, response.getOutputStream()), writer, closer, encoder);
  }

  /**
   * Opens a stream over another output than a response.
   *
   * @param writer writes the stream; a single thread
   * @param closer completes the output
   * @param encoder for {@link #send(OutboundSseEvent)}
   */
  public static EventStream over(Output out, Executor writer, Executor closer, Encoder encoder) {
    Outbox outbox = new Outbox(MAX_PENDING_BYTES);
    WriteLoop loop = new WriteLoop(out, writer, closer, outbox);
    loop.start();
    return new EventStream(encoder, outbox, loop);
  }

  /** Bounds the send buffer of the request's connection, if the server's adapter allows it. */
  public static void boundSendBuffer(ServletRequest request) {
    if (request.getAttribute(SEND_BUFFER) instanceof IntConsumer sendBuffer) {
      sendBuffer.accept(SEND_BUFFER_BYTES);
    }
  }

  /**
   * The response headers of a stream.
   *
   * @param protocol for example {@code HTTP/1.1}
   */
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

  /** Sets the source of further frames. They follow the frames that were sent before. */
  public void from(FrameSource frames) {
    loop.from(frames);
  }

  /**
   * Stops reading from the source, until {@link #from} sets one again. What was sent is still
   * written; states wait.
   *
   * @return completes when no frame of the source is being written
   */
  public CompletionStage<Void> pause() {
    return loop.pause();
  }

  /** Signals that there is something to write. */
  public void wake() {
    loop.wake();
  }

  /** Sends one frame; see {@link #send(OutboundSseEvent)}. */
  public CompletionStage<?> send(Frame frame) {
    return wakeAndReturn(outbox.add(frame));
  }

  /**
   * Sends one frame, which replaces an older frame of the key that was not written yet. Never
   * refused because of {@link #MAX_PENDING_BYTES}.
   */
  public CompletionStage<?> replace(String key, Frame frame) {
    return wakeAndReturn(outbox.replace(key, frame));
  }

  /**
   * Sends a state after every frame that the source has available. It replaces an older state of
   * the key that was not written yet.
   */
  public CompletionStage<?> sendState(String key, Frame frame) {
    return wakeAndReturn(outbox.addState(key, frame));
  }

  private CompletionStage<?> wakeAndReturn(CompletionStage<?> stage) {
    loop.wake();
    return stage;
  }

  /**
   * @return completes when the server has flushed the event and accepts more; fails if the data
   *     cannot be encoded, if the stream ends before, or if too many bytes are pending
   * @throws IllegalStateException if the stream is closed
   * @throws IllegalArgumentException if the id or the name contains a line break or NUL
   */
  @Override
  public CompletionStage<?> send(OutboundSseEvent event) {
    if (isClosed()) {
      throw new IllegalStateException("The stream is closed.");
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

  /** Nanoseconds since bytes were last written to the socket. */
  public long quietNanos() {
    return loop.quietNanos();
  }

  /** Whether the socket currently accepts no bytes. */
  public boolean isBlocked() {
    return loop.isBlocked();
  }

  @Override
  public boolean isClosed() {
    return outbox.isClosed();
  }

  /**
   * Completes when the stream ends: normally if the server ended it, exceptionally if the client
   * disconnected or the connection failed.
   */
  @Override
  public CompletionStage<Void> ended() {
    return loop.ended();
  }

  /** Whether {@link #ended} has completed, so that nothing more is written. */
  public boolean hasEnded() {
    return loop.ended().isDone();
  }

  /**
   * Ends the stream after the frames that were sent before, and stops reading from the source. A
   * client that does not read delays the end; see {@link #abort}.
   */
  @Override
  public void close() {
    outbox.close();
    loop.wake();
  }

  /** Ends the stream immediately and drops pending frames. */
  public void abort() {
    loop.abort();
  }
}
