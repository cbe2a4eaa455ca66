package devfest.studio.sse;

import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.SseBroadcaster;
import jakarta.ws.rs.sse.SseEventSink;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

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

  /** Those that missed an event and have not left yet; guarded by the broadcaster. */
  private final Set<SseEventSink> refused = new HashSet<>();

  private volatile boolean closed;

  /** The listener gets each stream that failed, before {@link #onClose} tells of its end. */
  @Override
  public void onError(BiConsumer<SseEventSink, Throwable> listener) {
    errorListeners.add(listener);
  }

  /** The listener gets each stream that has left, once, for whatever reason. */
  @Override
  public void onClose(Consumer<SseEventSink> listener) {
    closeListeners.add(listener);
  }

  @Override
  public void register(SseEventSink sink) {
    ensureOpen();
    sinks.add(sink);
    if (sink instanceof Sink ending) {
      ending.ended().whenComplete((none, fault) -> left(sink, fault));
    }
    if (closed && sinks.contains(sink)) {
      sink.close();
      left(sink, null);
    }
  }

  /**
   * @return completes, never exceptionally, when each stream has taken the event or has left: a
   *     reader that does not read holds it back, but no other reader
   */
  @Override
  public CompletionStage<?> broadcast(OutboundSseEvent event) {
    ensureOpen();
    Frame frame = Frame.of(event);
    Map<SseEventSink, CompletionStage<?>> sent = new HashMap<>();
    synchronized (this) { // one order for all; no stream of ours blocks in here
      for (SseEventSink sink : sinks) {
        if (!refused.contains(sink)) {
          CompletionStage<?> stage = send(sink, event, frame);
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

  private static CompletionStage<?> send(SseEventSink sink, OutboundSseEvent event, Frame frame) {
    try {
      return sink instanceof EventStream stream ? stream.send(frame) : sink.send(event);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private Void taken(SseEventSink sink, Throwable fault) {
    if (fault != null) {
      drop(sink, fault);
    }
    return null;
  }

  /** Ends a stream that missed an event. */
  private void drop(SseEventSink sink, Throwable fault) {
    try {
      left(sink, fault);
    } finally {
      if (sink instanceof EventStream stream) {
        stream.abort();
      } else {
        sink.close();
      }
    }
  }

  private void left(SseEventSink sink, Throwable fault) {
    if (sinks.remove(sink)) {
      synchronized (this) {
        refused.remove(sink);
      }
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
      LOG.log(Level.WARNING, "A broadcaster's listener failed", e);
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

  @Override
  public void close(boolean cascading) {
    closed = true;
    for (SseEventSink sink : List.copyOf(sinks)) {
      if (cascading) {
        sink.close();
      }
      left(sink, null);
    }
  }

  private void ensureOpen() {
    if (closed) {
      throw new IllegalStateException("the broadcaster is closed");
    }
  }
}
