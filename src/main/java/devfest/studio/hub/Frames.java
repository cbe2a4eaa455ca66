package devfest.studio.hub;

import devfest.studio.events.Event;
import devfest.studio.events.Occurrence;
import devfest.studio.sse.Frame;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event as frames. Each shape is encoded when it is first needed, and shared by all streams of
 * that shape. Safe for use from many threads.
 */
final class Frames {

  private final Occurrence occurrence;

  /**
   * Replaced, never modified. Concurrent threads may encode a shape twice; both frames are equal.
   */
  private volatile Map<Shape, Frame> encoded = Map.of();

  Frames(Occurrence occurrence) {
    this.occurrence = occurrence;
  }

  Event event() {
    return occurrence.event();
  }

  /** The frame of the event in the shape; null if the shape omits the event. */
  @Nullable Frame in(Shape shape) {
    Frame frame = encoded.get(shape);
    if (frame == null) {
      frame = shape.frame(occurrence);
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
