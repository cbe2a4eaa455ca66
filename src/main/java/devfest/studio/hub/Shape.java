package devfest.studio.hub;

import devfest.studio.events.Envelope;
import devfest.studio.events.Occurrence;
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
        public Frame frame(Occurrence occurrence) {
          return named(occurrence, occurrence.json());
        }
      };

  /** Named frames with the event's own data, without an envelope. */
  public static final Shape DATA =
      new Shape() {
        @Override
        public Frame frame(Occurrence occurrence) {
          return named(occurrence, occurrence.event().data());
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
        public Frame frame(Occurrence occurrence) {
          String channel = occurrence.event().channel();
          String rest = occurrence.json().substring(1);
          return Frame.event(occurrence.id(), null, "{\"channel\":\"" + channel + "\"," + rest);
        }
      };

  /**
   * The frame of an event.
   *
   * @return null if this shape omits the event
   */
  public abstract @Nullable Frame frame(Occurrence occurrence);

  /** A frame with the name and the id of the event. */
  static Frame named(Occurrence occurrence, String data) {
    return Frame.event(occurrence.id(), occurrence.event().name(), data);
  }

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
