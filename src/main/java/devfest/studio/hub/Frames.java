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
 * An event as frames: each shape is encoded when the first reader wants it, and shared by all who
 * want it. Safe for use from many threads.
 */
final class Frames {

  private final @Nullable String id;
  private final Event event;
  private final Supplier<String> envelope;

  /** Replaced, never changed. Racing threads may encode a shape twice; either frame will do. */
  private volatile Map<Shape, Frame> made = Map.of();

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

  /** Null when readers of the shape get nothing of the event. */
  @Nullable Frame in(Shape shape) {
    Frame frame = made.get(shape);
    if (frame == null) {
      frame = shape.frame(id, event, envelope.get());
      if (frame == null) {
        return null;
      }
      Map<Shape, Frame> more = new HashMap<>(made);
      more.put(shape, frame);
      made = more;
    }
    return frame;
  }
}
