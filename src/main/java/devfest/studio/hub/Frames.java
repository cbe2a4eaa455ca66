package devfest.studio.hub;

import devfest.studio.events.Event;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.TransientEvent;
import devfest.studio.sse.Frame;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An event as frames. Each shape is encoded when it is first needed, and shared by all streams of
 * that shape. Safe for use from many threads.
 */
final class Frames {

  private final @Nullable String id;
  private final Event event;
  private final Supplier<String> envelope;

  /**
   * Replaced, never modified. Concurrent threads may encode a shape twice; both frames are equal.
   */
  private volatile Map<Shape, Frame> encoded = Map.of();

  private Frames(@Nullable String id, Event event, Supplier<String> envelope) {
    this.id = id;
    this.event = event;
    this.envelope = envelope;
  }

  static Frames of(LoggedEvent logged) {
    return new Frames(Long.toString(logged.position()), logged.event(), logged::json);
  }

  static Frames of(TransientEvent event) {
    return new Frames(null, event.event(), event::json);
  }

  Event event() {
    return event;
  }

  /** The frame of the event in the shape; null if the shape omits the event. */
  @Nullable Frame in(Shape shape) {
    Frame frame = encoded.get(shape);
    if (frame == null) {
      frame = shape.frame(id, event, envelope.get());
      if (frame == null) {
        return null;
      }
      Map<Shape, Frame> more = new HashMap<>(encoded);
      more.put(shape, frame);
      encoded = more;
    }
    return frame;
  }
}
