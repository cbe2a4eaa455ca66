package devfest.studio.sse;

import jakarta.ws.rs.sse.OutboundSseEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A sink for a state, on a whole stream or on a part of one. Only the newest event of each name
 * counts: it replaces an older event that was not sent yet, and the last event is always sent. For
 * a {@link Broadcaster} of states, whose clients may be slow. Safe for use from many threads.
 */
public final class Conflation implements Sink {

  private final EventStream stream;
  private final String group;
  private final Function<OutboundSseEvent, Frame> shape;
  private final boolean part;
  private final boolean afterSource;
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  private Conflation(
      EventStream stream,
      String group,
      Function<OutboundSseEvent, Frame> shape,
      boolean part,
      boolean afterSource) {
    this.stream = stream;
    this.group = group;
    this.shape = shape;
    this.part = part;
    this.afterSource = afterSource;
    stream.ended().whenComplete((none, fault) -> end(fault));
  }

  /**
   * A sink that owns its stream: closing the sink closes the stream.
   *
   * @param shape how events look on this stream
   */
  public static Conflation whole(EventStream stream, Function<OutboundSseEvent, Frame> shape) {
    return new Conflation(stream, "state", shape, false, false);
  }

  /**
   * A sink on a stream that also carries other frames: closing the sink leaves the stream open.
   *
   * @param group separates the event names of different senders
   * @param shape how events look on this stream
   */
  public static Conflation part(
      EventStream stream, String group, Function<OutboundSseEvent, Frame> shape) {
    return new Conflation(stream, group, shape, true, false);
  }

  /** A copy that sends the state after every frame that the stream's source has available. */
  public Conflation afterSource() {
    return new Conflation(stream, group, shape, part, true);
  }

  /**
   * @return completes when the event, or a newer event that replaced it, has been sent
   * @throws IllegalStateException if this sink or its stream is closed
   */
  @Override
  public CompletionStage<?> send(OutboundSseEvent event) {
    if (isClosed()) {
      throw new IllegalStateException("The sink is closed.");
    }
    String key = group + ' ' + event.getName();
    Frame frame = shape.apply(event);
    return afterSource ? stream.sendState(key, frame) : stream.replace(key, frame);
  }

  @Override
  public boolean isClosed() {
    return end.isDone() || stream.isClosed();
  }

  @Override
  public CompletionStage<Void> ended() {
    return end;
  }

  private void end(@Nullable Throwable fault) {
    if (fault == null) {
      end.complete(null);
    } else {
      end.completeExceptionally(fault);
    }
  }

  /** Closes this sink, and its stream if the sink owns it. */
  @Override
  public void close() {
    if (part) {
      end(null);
    } else {
      stream.close();
    }
  }
}
