package devfest.studio.hub;

import devfest.studio.events.Envelope;
import devfest.studio.events.Event;
import devfest.studio.sse.Frame;
import devfest.studio.sse.TextEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How events are written as frames. Frames are cached by shape, so each shape is one shared object.
 * Safe for use from many threads.
 */
public abstract class Shape {

  /** Named frames with the envelope as data. */
  public static final Shape ENVELOPE =
      new Shape() {
        @Override
        public Frame frame(@Nullable String id, Event event, String envelope) {
          return Frame.event(id, event.name(), envelope);
        }
      };

  /** Named frames with the event's own data, without an envelope. */
  public static final Shape DATA =
      new Shape() {
        @Override
        public Frame frame(@Nullable String id, Event event, String envelope) {
          return Frame.event(id, event.name(), event.data());
        }

        @Override
        public String controlData(@Nullable String id, String type, Instant now, String data) {
          return data;
        }
      };

  /** Unnamed frames with the envelope as data, extended by the channel. */
  public static final Shape CHANNEL =
      new Shape() {
        @Override
        public Frame frame(@Nullable String id, Event event, String envelope) {
          String rest = envelope.substring(1);
          return Frame.event(id, null, "{\"channel\":\"" + event.channel() + "\"," + rest);
        }
      };

  /**
   * @param id the position; null for a transient event
   * @param envelope the event in its envelope, as JSON
   * @return null if this shape omits the event
   */
  public abstract @Nullable Frame frame(@Nullable String id, Event event, String envelope);

  /**
   * A frame about the stream itself, by default always named.
   *
   * @param id null for none
   * @param data JSON
   */
  public Frame control(@Nullable String id, String type, Instant now, String data) {
    return Frame.event(id, type, controlData(id, type, now, data));
  }

  /**
   * The control frame that opens a stream. By default it also sets the client's reconnection time.
   *
   * @param id null for none
   * @param data JSON
   */
  public Frame opening(
      @Nullable String id, String type, Instant now, String data, long retryMillis) {
    return Frame.of(new TextEvent(id, type, controlData(id, type, now, data), null, retryMillis));
  }

  /** The data of a control frame: by default in an envelope. */
  public String controlData(@Nullable String id, String type, Instant now, String data) {
    return Envelope.control(id, type, now, data);
  }

  /**
   * The frame of a heartbeat.
   *
   * @return null if this shape omits heartbeats of this kind
   */
  public @Nullable Frame heartbeat(Heartbeat heartbeat, Instant now) {
    return heartbeat.frame(now);
  }
}
