package devfest.studio.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that matters only at present. It is never logged, and a newer event of the same key
 * replaces it on every stream that has not sent it yet.
 *
 * @param key identifies the state that the event reports; once an event {@linkplain Event#ends
 *     ends} the key, no event of the key is delivered
 */
public record TransientEvent(String key, Instant timestamp, Event event) implements Occurrence {

  @Override
  public @Nullable String id() {
    return null;
  }
}
