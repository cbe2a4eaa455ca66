package devfest.studio.events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class EnvelopeTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void anEventIsOneLineWithItsPositionAsText() {
    Event event =
        Event.of("a.b")
            .visibility(Visibility.PRIVATE)
            .userId("u\"1\n")
            .channel("events")
            .data("[1,null]")
            .build();
    assertEquals(
        "{\"id\":\"42\",\"event\":\"a.b\",\"timestamp\":\"2026-11-21T12:00:00.000Z\","
            + "\"userId\":\"u\\\"1\\n\",\"data\":[1,null]}",
        new LoggedEvent(42, NOON, event).json());
  }

  @Test
  void anAbsentPositionOrOwnerIsNull() {
    Event event = Event.of("a").visibility(Visibility.PUBLIC).channel("events").data("{}").build();
    assertEquals(
        "{\"id\":null,\"event\":\"a\",\"timestamp\":\"2026-11-21T12:00:00.000Z\","
            + "\"userId\":null,\"data\":{}}",
        new TransientEvent("k", NOON, event).json());
  }
}
