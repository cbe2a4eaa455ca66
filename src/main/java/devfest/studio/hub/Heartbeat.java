package devfest.studio.hub;

import devfest.studio.sse.Frame;
import java.time.Instant;

/** What a silent stream sends so that both ends know it is alive. */
public enum Heartbeat {
  /** A comment, which readers skip. */
  COMMENT {
    @Override
    Frame at(Instant now) {
      return Frame.comment("heartbeat " + now.toEpochMilli());
    }
  },

  /** An event named {@code heartbeat}. */
  EVENT {
    @Override
    Frame at(Instant now) {
      return Frame.event(null, "heartbeat", Long.toString(now.toEpochMilli()));
    }
  },

  /** An unnamed message. */
  MESSAGE {
    @Override
    Frame at(Instant now) {
      return Frame.event(null, null, Long.toString(now.toEpochMilli()));
    }
  };

  abstract Frame at(Instant now);
}
