package devfest.studio.events;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An event that streams deliver: logged or transient. */
public sealed interface Occurrence permits LoggedEvent, TransientEvent {

  /** The position as text; null for a transient event. */
  @Nullable String id();

  Instant timestamp();

  Event event();

  /** The event in its envelope, as one line of JSON. */
  default String json() {
    return Envelope.json(id(), timestamp(), event());
  }
}
