package devfest.studio.events;

import java.util.Objects;

/**
 * One of the things that an event is about; clients may ask for the events about it.
 *
 * @param kind what it is, for example {@code photo}
 * @param id which of its kind
 */
public record Subject(String kind, String id) {

  public Subject {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(id);
  }
}
