package devfest.studio.sse;

import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A stream as those see it who send it a state: of the events of a name only the newest counts, so
 * one that is still unsent gives way to it, and the last is always sent. For a {@link Broadcaster}
 * of states, whose readers may be slow. Safe for use from many threads.
 */
public final class Conflation implements SseEventSink {

  private final EventStream stream;
  private final String group;
  private final Function<OutboundSseEvent, Frame> shape;

  /**
   * @param group tells the names of different senders apart
   * @param shape how events look on this stream
   */
  public Conflation(EventStream stream, String group, Function<OutboundSseEvent, Frame> shape) {
    this.stream = stream;
    this.group = group;
    this.shape = shape;
  }

  EventStream stream() {
    return stream;
  }

  /**
   * @return completes when the event, or a newer one in its stead, has been taken
   */
  @Override
  public CompletionStage<?> send(OutboundSseEvent event) {
    return stream.replace(group + ' ' + event.getName(), shape.apply(event));
  }

  @Override
  public boolean isClosed() {
    return stream.isClosed();
  }

  @Override
  public void close() {
    stream.close();
  }
}
