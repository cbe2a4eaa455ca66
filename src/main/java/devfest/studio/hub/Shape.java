package devfest.studio.hub;

import devfest.studio.events.Envelope;
import devfest.studio.events.Event;
import devfest.studio.sse.Frame;
import java.time.Instant;

/** How an event is put into a frame. */
public enum Shape {
  /** Named, its data the envelope. */
  ENVELOPE {
    @Override
    Frame frame(String id, Event event, String envelope) {
      return Frame.event(id, event.type(), envelope);
    }
  },

  /** Named, its data the bare {@code data} of the event. */
  DATA {
    @Override
    Frame frame(String id, Event event, String envelope) {
      return Frame.event(id, event.type(), event.data());
    }

    @Override
    public Frame control(String id, String type, Instant now, String data) {
      return Frame.event(id, type, data);
    }
  },

  /** Unnamed, its data the envelope that also says the channel. */
  CHANNEL {
    @Override
    Frame frame(String id, Event event, String envelope) {
      String rest = envelope.substring(1);
      return Frame.event(id, null, "{\"channel\":\"" + event.channel() + "\"," + rest);
    }
  };

  abstract Frame frame(String id, Event event, String envelope);

  /**
   * A frame about the stream itself, always named.
   *
   * @param id null for none
   * @param data JSON
   */
  public Frame control(String id, String type, Instant now, String data) {
    return Frame.event(id, type, Envelope.control(id, type, now, data));
  }
}
