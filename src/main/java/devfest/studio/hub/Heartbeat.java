package devfest.studio.hub;

import devfest.studio.sse.Frame;
import java.time.Instant;

/** What an idle stream sends, so that both sides notice a broken connection. */
public enum Heartbeat {
  /** A comment, which browsers ignore. */
  COMMENT {
    @Override
    Frame frame(Instant now) {
      return Frame.comment("heartbeat " + now.toEpochMilli());
    }
  },

  /** An event named {@code heartbeat}. */
  EVENT {
    @Override
    Frame frame(Instant now) {
      return Frame.event(null, NAME, Long.toString(now.toEpochMilli()));
    }
  },

  /** An unnamed event. */
  MESSAGE {
    @Override
    Frame frame(Instant now) {
      return Frame.event(null, null, Long.toString(now.toEpochMilli()));
    }
  };

  static final String NAME = "heartbeat";

  abstract Frame frame(Instant now);
}
