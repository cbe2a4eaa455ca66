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
 * <p>An event is encoded once. All streams get all events in one order, whichever threads broadcast
 * them. None waits for another: a stream that can't keep up, for which more than {@link
 * EventStream#MAX_PENDING_BYTES} wait, is told to {@code onError} and ended, so that its client
 * connects again instead of missing an event unnoticed. Safe for use from many threads. Takes any
 * {@link SseEventSink} whose {@code send} does not block; a {@link Sink} that ends leaves by
 * itself.
 */
public final class Broadcaster implements SseBroadcaster {

  private static final Logger LOG = System.getLogger(Broadcaster.class.getName());

  private final Set<SseEventSink> sinks = ConcurrentHashMap.newKeySet();
  private final List<BiConsumer<SseEventSink, Throwable>> errorListeners =
      new CopyOnWriteArrayList<>();
  private final List<Consumer<SseEventSink>> closeListeners = new CopyOnWriteArrayList<>();

  /** Those that missed an event and have not left yet. */
  @GuardedBy("this")
  private final Set<SseEventSink> refused = new HashSet<>();

  private final Encoder encoder;
  private volatile boolean closed;

  /** Broadcasts events whose data {@link Encoder#STANDARD} encodes. */
  public Broadcaster() {
    this(Encoder.STANDARD);
  }

  /** Broadcasts events whose data the application's own writers encode. */
  public Broadcaster(Encoder encoder) {
    this.encoder = encoder;
  }

  /**
   * The listener gets each stream that failed to write or to close, before {@link #onClose} tells
   * of its end.
   *
   * @throws IllegalStateException when the broadcaster is closed
   */
  @Override
  public void onError(BiConsumer<SseEventSink, Throwable> listener) {
    ensureOpen();
    errorListeners.add(Objects.requireNonNull(listener));
  }

  /**
   * The listener gets each stream that has ended, once, for whatever reason.
   *
   * @throws IllegalStateException when the broadcaster is closed
   */
  @Override
  public void onClose(Consumer<SseEventSink> listener) {
    ensureOpen();
    closeListeners.add(Objects.requireNonNull(listener));
  }

  /**
   * @throws IllegalStateException when the broadcaster is closed
   */
  @Override
  public void register(SseEventSink sink) {
    ensureOpen();
    sinks.add(Objects.requireNonNull(sink));
    if (sink instanceof Sink ending) {
      ending.ended().whenComplete((none, fault) -> left(sink, fault));
    }
    if (closed && sinks.remove(sink)) { // meanwhile
      ensureOpen();
    }
  }

  /**
   * @return completes when each stream has taken the event or has left: a reader that does not read
   *     holds it back, but no other reader. Exceptionally only when the data can't be encoded; then
   *     no stream gets or misses anything.
   * @throws IllegalStateException when the broadcaster is closed
   * @throws IllegalArgumentException when the id or the name can't stand on one line
   */
  @Override
  public CompletionStage<?> broadcast(OutboundSseEvent event) {
    ensureOpen();
    Objects.requireNonNull(event, "event");
    TextEvent text; // for other sinks too: data such as an InputStream can be read but once
    try {
      text = encoder.encode(event);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
    Frame frame = Frame.text(text);
    Map<SseEventSink, CompletionStage<?>> sent = new HashMap<>();
    synchronized (this) { // one order for all; no stream of ours blocks in here
      for (SseEventSink sink : sinks) {
        if (!refused.contains(sink)) {
          CompletionStage<?> stage = send(sink, text, frame);
          sent.put(sink, stage);
          if (stage.toCompletableFuture().isCompletedExceptionally()) {
            refused.add(sink); // at once: it must not get the next one instead
          }
        }
      }
    }
    return CompletableFuture.allOf(
        sent.entrySet().stream()
            .map(each -> each.getValue().handle((done, fault) -> taken(each.getKey(), fault)))
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

  private @Nullable Void taken(SseEventSink sink, @Nullable Throwable fault) {
    if (fault != null) {
      Throwable cause = fault instanceof CompletionException ? fault.getCause() : null;
      drop(sink, cause == null ? fault : cause);
    }
    return null;
  }

  /** Ends a stream that missed an event. */
  private void drop(SseEventSink sink, Throwable fault) {
    left(sink, fault);
    if (sink instanceof EventStream stream) {
      stream.abort();
    } else {
      tell(sink::close);
    }
  }

  private void left(SseEventSink sink, @Nullable Throwable fault) {
    boolean was = sinks.remove(sink);
    synchronized (this) {
      refused.remove(sink);
    }
    if (was) {
      if (fault != null) {
        errorListeners.forEach(listener -> tell(() -> listener.accept(sink, fault)));
      }
      closeListeners.forEach(listener -> tell(() -> listener.accept(sink)));
    }
  }

  /** A listener that fails is no reason to keep anything from the others. */
  private static void tell(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "A listener of a broadcaster, or one of its streams, failed", e);
    }
  }

  /** How many streams are registered. */
  public int size() {
    return sinks.size();
  }

  /** Ends all streams, each after what has been broadcast to it before. */
  @Override
  public void close() {
    close(true);
  }

  /**
   * @param cascading false leaves the streams open; then their ends are no longer told
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
    left(sink, fault);
  }

  private void ensureOpen() {
    if (closed) {
      throw new IllegalStateException("the broadcaster is closed");
    }
  }
}
