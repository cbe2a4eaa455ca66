package devfest.studio.events;

import java.util.Objects;

/**
 * A thing that an event is about. Clients can filter events by it.
 *
 * @param kind the kind of thing, for example {@code photo}
 * @param id unique within the kind
 */
public record Subject(String kind, String id) {

  public Subject {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(id);
  }
}
