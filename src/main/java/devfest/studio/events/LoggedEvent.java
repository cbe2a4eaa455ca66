package devfest.studio.events;

import java.time.Instant;

/**
 * An event with its position in the log.
 *
 * @param position strictly increasing in commit order, without gaps except at a new origin
 * @param timestamp when the event was appended, in milliseconds; never before the timestamp of the
 *     previous position
 */
public record LoggedEvent(long position, Instant timestamp, Event event) {

  /** The event in its envelope, as one line of JSON. */
  public String json() {
    return Envelope.json(Long.toString(position), timestamp, event);
  }
}
