package devfest.studio.events;

import java.time.Instant;

/**
 * An event that is in the log.
 *
 * @param position its place: strictly increasing, without a hole, in commit order
 * @param timestamp when it was recorded; never earlier than that of the position before
 */
public record LoggedEvent(long position, Instant timestamp, Event event) {

  /** The event as clients get it, one line of JSON. */
  public String json() {
    return Envelope.json(Long.toString(position), timestamp, event);
  }
}
