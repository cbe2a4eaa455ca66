package devfest.studio.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cloudevents.CloudEvent;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CloudEventsTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final String CAUSE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private final CloudEvents events = new CloudEvents(() -> "https://studio.example/party");

  private static Event.Builder event(String type) {
    return Event.of(type).visibility(Visibility.PUBLIC).channel("chat/room-a").data("[1,null]");
  }

  private CloudEvent logged(Event event) {
    return Cloud.read(events.json(new LoggedEvent(42, NOON, event)));
  }

  @Test
  void anEventIsOneLineWithTheAttributesOfTheSpecification() {
    Event event = event("a.b").userId("u\"1").build();
    String json = events.json(new LoggedEvent(42, NOON, event));
    assertEquals(
        "{\"specversion\":\"1.0\",\"id\":\"42\",\"source\":\"https://studio.example/party\","
            + "\"type\":\"a.b\",\"time\":\"2026-11-21T12:00:00.000Z\","
            + "\"datacontenttype\":\"application/json\",\"userid\":\"u\\\"1\","
            + "\"channel\":\"chat/room-a\",\"data\":[1,null]}",
        json);
    CloudEvent read = Cloud.read(json);
    assertEquals("https://studio.example/party", read.getSource().toString());
    assertEquals(OffsetDateTime.parse("2026-11-21T12:00:00Z"), read.getTime());
    assertEquals("u\"1", read.getExtension("userid"));
    assertEquals("[1,null]", Cloud.data(read));
  }

  @Test
  void theSubjectIsTheTransformationOrElseThePhoto() {
    Event.Builder photo = event("photo.uploaded").about(Kinds.PHOTO, "p");
    assertEquals("p", logged(photo.build()).getSubject());
    Event.Builder both = photo.about(Kinds.TRANSFORMATION, "t");
    assertEquals("t", logged(both.build()).getSubject());
    assertNull(logged(event("talk.started").build()).getSubject());
  }

  @Test
  void anEventWithoutOwnerOrNameIsValid() {
    CloudEvent read = logged(event(Event.UNNAMED).data("null").build());
    assertEquals("message", read.getType());
    assertEquals(Set.of("channel"), read.getExtensionNames());
  }

  @Test
  void theOwnerOfAPublicEventIsNamedAsInTheEnvelope() {
    Event event = event("a").userId("ann@example.org").build().under(user -> "user-0123456789");
    assertEquals("user-0123456789", logged(event).getExtension("userid"));
  }

  @Test
  void theCauseIsWrittenOnRequest() {
    LoggedEvent event = new LoggedEvent(42, NOON, event("a").build().tracedTo(CAUSE));
    assertEquals(CAUSE, Cloud.read(events.tracedJson(event)).getExtension("traceparent"));
    assertFalse(events.json(event).contains(CAUSE));
    LoggedEvent untraced = new LoggedEvent(42, NOON, event("a").build());
    assertEquals(events.json(untraced), events.tracedJson(untraced));
  }

  @Test
  void aTransientEventHasAnIdOfItsOwnWhichIsTheSameOnAllNodes() {
    Event half = event("transformation.progress").data("0.5").build();
    String json = events.json(new TransientEvent("t", NOON, half));
    assertEquals(json, events.json(new TransientEvent("t", NOON, half)));
    String id = Cloud.read(json).getId();
    assertTrue(id.startsWith("transformation.progress-"), id);
    Event more = event("transformation.progress").data("0.6").build();
    for (TransientEvent other :
        Set.of(
            new TransientEvent("t", NOON, more),
            new TransientEvent("t", NOON.plusMillis(1), half),
            new TransientEvent("u", NOON, half))) {
      assertNotEquals(id, Cloud.read(events.json(other)).getId());
    }
  }

  @Test
  void aControlEventIsValid() {
    CloudEvent read = Cloud.read(events.control("connected-1", "connected", NOON, "{}"));
    assertEquals("connected-1", read.getId());
    assertEquals("connected", read.getType());
    assertEquals(Set.of(), read.getExtensionNames());
  }

  @Test
  void dataOfAnyDepthIsWrittenUnchanged() {
    String deep = "[".repeat(20_000) + "]".repeat(20_000);
    String json = events.json(new LoggedEvent(42, NOON, event("a").data(deep).build()));
    assertTrue(json.endsWith(",\"data\":" + deep + '}'));
  }

  @Test
  void numbersKeepTheirSpelling() {
    String json = events.json(new LoggedEvent(42, NOON, event("a").data("[1.00, 1e3]").build()));
    assertTrue(json.endsWith(",\"data\":[1.00, 1e3]}"), json);
  }
}
