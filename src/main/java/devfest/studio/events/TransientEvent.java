package devfest.studio.events;

import java.time.Instant;

/**
 * An event that is worth seeing only now: it is never logged, and a newer one of the same key
 * replaces it wherever it has not been sent yet.
 *
 * @param key what it is the state of; once an event {@linkplain Event#ends ends} the key, no event
 *     of it is delivered
 */
public record TransientEvent(String key, Instant timestamp, Event event) {

  /** The event as clients get it, one line of JSON whose {@code id} is null. */
  public String json() {
    return Envelope.json(null, timestamp, event);
  }
}
