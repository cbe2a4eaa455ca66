package devfest.studio.sse;

import jakarta.ws.rs.sse.OutboundSseEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A stream, or a part of one, as those see it who send it a state: of the events of a name only the
 * newest counts, so one that is still unsent gives way to it, and the last is always sent. For a
 * {@link Broadcaster} of states, whose readers may be slow. Safe for use from many threads.
 */
public final class Conflation implements Sink {

  private final EventStream stream;
  private final String group;
  private final Function<OutboundSseEvent, Frame> shape;
  private final boolean part;
  private final boolean last;
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  private Conflation(
      EventStream stream,
      String group,
      Function<OutboundSseEvent, Frame> shape,
      boolean part,
      boolean last) {
    this.stream = stream;
    this.group = group;
    this.shape = shape;
    this.part = part;
    this.last = last;
    stream.ended().whenComplete((none, fault) -> end(fault));
  }

  /**
   * A stream with nothing else on it: it ends with the state.
   *
   * @param shape how events look on this stream
   */
  public static Conflation whole(EventStream stream, Function<OutboundSseEvent, Frame> shape) {
    return new Conflation(stream, "state", shape, false, false);
  }

  /**
   * A stream with other things on it, which outlives the state.
   *
   * @param group tells the names of different senders apart
   * @param shape how events look on this stream
   */
  public static Conflation part(
      EventStream stream, String group, Function<OutboundSseEvent, Frame> shape) {
    return new Conflation(stream, group, shape, true, false);
  }

  /** The same for a state that tells of what the stream's source gives: it follows that. */
  public Conflation last() {
    return new Conflation(stream, group, shape, part, true);
  }

  /**
   * @return completes when the event, or a newer one in its stead, has been taken
   * @throws IllegalStateException when this or the stream is closed
   */
  @Override
  public CompletionStage<?> send(OutboundSseEvent event) {
    if (isClosed()) {
      throw new IllegalStateException("the sink is closed");
    }
    String key = group + ' ' + event.getName();
    Frame frame = shape.apply(event);
    return last ? stream.sendState(key, frame) : stream.replace(key, frame);
  }

  @Override
  public boolean isClosed() {
    return end.isDone() || stream.isClosed();
  }

  @Override
  public CompletionStage<Void> ended() {
    return end;
  }

  private void end(Throwable fault) {
    if (fault == null) {
      end.complete(null);
    } else {
      end.completeExceptionally(fault);
    }
  }

  /** Sends nothing more here; ends the stream too if there is nothing else on it. */
  @Override
  public void close() {
    if (part) {
      end(null);
    } else {
      stream.close();
    }
  }
}
