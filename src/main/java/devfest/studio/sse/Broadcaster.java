package devfest.studio.sse;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.SseBroadcaster;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the same events to many streams.
 *
 * <p>An event is encoded once. All streams get all events in the same order, even if several
 * threads broadcast. A slow stream does not delay the others: if more than {@link
 * EventStream#MAX_PENDING_BYTES} are pending, it is reported to {@code onError} and ended, so that
 * its client reconnects instead of missing an event unnoticed. Safe for use from many threads.
 * Accepts any {@link SseEventSink} whose {@code send} does not block; a {@link Sink} is
 * deregistered when it ends.
 */
public final class Broadcaster implements SseBroadcaster {

  private static final Logger LOG = System.getLogger(Broadcaster.class.getName());

  private final Set<SseEventSink> sinks = ConcurrentHashMap.newKeySet();
  private final List<BiConsumer<SseEventSink, Throwable>> errorListeners =
      new CopyOnWriteArrayList<>();
  private final List<Consumer<SseEventSink>> closeListeners = new CopyOnWriteArrayList<>();

  /** Sinks that missed an event and are still registered. */
  @GuardedBy("this")
  private final Set<SseEventSink> failed = new HashSet<>();

  private final Encoder encoder;
  private volatile boolean closed;

  /** Creates a broadcaster that encodes data with {@link Encoder#STANDARD}. */
  public Broadcaster() {
    this(Encoder.STANDARD);
  }

  /** Creates a broadcaster that encodes data with the encoder, such as one of the application. */
  public Broadcaster(Encoder encoder) {
    this.encoder = encoder;
  }

  /**
   * The listener is called for each stream that fails to write or to close, before the listeners of
   * {@link #onClose}.
   *
   * @throws IllegalStateException if the broadcaster is closed
   */
  @Override
  public void onError(BiConsumer<SseEventSink, Throwable> listener) {
    ensureOpen();
    errorListeners.add(Objects.requireNonNull(listener));
  }

  /**
   * The listener is called once for each stream when it ends, for any reason.
   *
   * @throws IllegalStateException if the broadcaster is closed
   */
  @Override
  public void onClose(Consumer<SseEventSink> listener) {
    ensureOpen();
    closeListeners.add(Objects.requireNonNull(listener));
  }

  /**
   * @throws IllegalStateException if the broadcaster is closed
   */
  @Override
  public void register(SseEventSink sink) {
    ensureOpen();
    sinks.add(Objects.requireNonNull(sink));
    if (sink instanceof Sink ending) {
      ending.ended().whenComplete((none, fault) -> deregister(sink, fault));
    }
    if (closed && sinks.remove(sink)) { // closed concurrently
      ensureOpen();
    }
  }

  /**
   * @return completes when each stream has sent the event or has ended, so a client that does not
   *     read delays it, but no other client. Fails only if the data cannot be encoded; then the
   *     event is sent to no stream.
   * @throws IllegalStateException if the broadcaster is closed
   * @throws IllegalArgumentException if the id or the name contains a line break or NUL
   */
  @Override
  public CompletionStage<?> broadcast(OutboundSseEvent event) {
    ensureOpen();
    Objects.requireNonNull(event, "event");
    TextEvent text; // once for all sinks: data such as an InputStream can be read only once
    try {
      text = encoder.encode(event);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
    Frame frame = Frame.text(text);
    Map<SseEventSink, CompletionStage<?>> sent = new HashMap<>();
    synchronized (this) { // one order for all sinks; an EventStream never blocks here
      for (SseEventSink sink : sinks) {
        if (!failed.contains(sink)) {
          CompletionStage<?> stage = send(sink, text, frame);
          sent.put(sink, stage);
          if (stage.toCompletableFuture().isCompletedExceptionally()) {
            failed.add(sink); // at once: it must not get the next event without this one
          }
        }
      }
    }
    return CompletableFuture.allOf(
        sent.entrySet().stream()
            .map(each -> each.getValue().handle((done, fault) -> completed(each.getKey(), fault)))
            .map(CompletionStage::toCompletableFuture)
            .toArray(CompletableFuture[]::new));
  }

  private static CompletionStage<?> send(SseEventSink sink, TextEvent event, Frame frame) {
    try {
      return sink instanceof EventStream stream ? stream.send(frame) : sink.send(event);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private @Nullable Void completed(SseEventSink sink, @Nullable Throwable fault) {
    if (fault != null) {
      Throwable cause = fault instanceof CompletionException ? fault.getCause() : null;
      drop(sink, cause == null ? fault : cause);
    }
    return null;
  }

  /** Deregisters and ends a stream that missed an event. */
  private void drop(SseEventSink sink, Throwable fault) {
    deregister(sink, fault);
    if (sink instanceof EventStream stream) {
      stream.abort();
    } else {
      run(sink::close);
    }
  }

  private void deregister(SseEventSink sink, @Nullable Throwable fault) {
    boolean registered = sinks.remove(sink);
    synchronized (this) {
      failed.remove(sink);
    }
    if (registered) {
      if (fault != null) {
        errorListeners.forEach(listener -> run(() -> listener.accept(sink, fault)));
      }
      closeListeners.forEach(listener -> run(() -> listener.accept(sink)));
    }
  }

  /** Logs an exception, so that the remaining listeners and streams are still notified. */
  private static void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "A listener or a stream of a broadcaster failed", e);
    }
  }

  /** The number of registered streams. */
  public int size() {
    return sinks.size();
  }

  /** Ends all streams after their pending events. */
  @Override
  public void close() {
    close(true);
  }

  /**
   * @param cascading false to leave the streams open; their ends are then not reported
   */
  @Override
  public void close(boolean cascading) {
    closed = true;
    for (SseEventSink sink : List.copyOf(sinks)) {
      if (cascading) {
        end(sink);
      } else {
        sinks.remove(sink);
      }
    }
  }

  private void end(SseEventSink sink) {
    RuntimeException fault = null;
    try {
      sink.close();
    } catch (RuntimeException e) {
      fault = e;
    }
    deregister(sink, fault);
  }

  private void ensureOpen() {
    if (closed) {
      throw new IllegalStateException("The broadcaster is closed.");
    }
  }
}
