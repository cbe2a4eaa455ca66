package devfest.studio.hub;

import devfest.studio.events.Envelope;
import devfest.studio.events.Event;
import devfest.studio.sse.Frame;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How an event is put into a frame. One object for each way, since frames are kept by it. */
public abstract class Shape {

  /** Named, its data the envelope. */
  public static final Shape ENVELOPE =
      new Shape() {
        @Override
        public Frame frame(@Nullable String id, Event event, String envelope) {
          return Frame.event(id, event.name(), envelope);
        }
      };

  /** Named, its data the bare {@code data} of the event. */
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

  /** Unnamed, its data the envelope that also says the channel. */
  public static final Shape CHANNEL =
      new Shape() {
        @Override
        public Frame frame(@Nullable String id, Event event, String envelope) {
          String rest = envelope.substring(1);
          return Frame.event(id, null, "{\"channel\":\"" + event.channel() + "\"," + rest);
        }
      };

  /**
   * @param id the position, null for what is transient
   * @param envelope the event as JSON in its envelope
   * @return null when readers of this shape get nothing of the event
   */
  public abstract @Nullable Frame frame(@Nullable String id, Event event, String envelope);

  /**
   * A frame about the stream itself, always named.
   *
   * @param id null for none
   * @param data JSON
   */
  public final Frame control(@Nullable String id, String type, Instant now, String data) {
    return Frame.event(id, type, controlData(id, type, now, data));
  }

  /** How the data of such a frame looks; usually it is in an envelope. */
  public String controlData(@Nullable String id, String type, Instant now, String data) {
    return Envelope.control(id, type, now, data);
  }
}
