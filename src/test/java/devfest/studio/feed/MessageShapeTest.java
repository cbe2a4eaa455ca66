package devfest.studio.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import devfest.studio.events.Event;
import devfest.studio.events.Visibility;
import devfest.studio.hub.Heartbeat;
import devfest.studio.sse.Frame;
import jakarta.json.bind.JsonbBuilder;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageShapeTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final MessageShape shape =
      new MessageShape(new Catalogue(List.of(new Polls())), JsonbBuilder.create());

  private String studio(@Nullable String id) {
    Event event =
        Event.of("talk.started")
            .visibility(Visibility.PUBLIC)
            .channel(Event.STUDIO_CHANNEL)
            .data("{\"a\":1}")
            .build();
    String envelope =
        "{\"id\":%s,\"event\":\"talk.started\",\"data\":{\"a\":1}}"
            .formatted(id == null ? "null" : '"' + id + '"');
    return String.valueOf(shape.frame(id, event, envelope));
  }

  @Test
  void anEventHasItsIdOnlyIfItHasAPosition() {
    assertEquals(
        "{\"channel\":\"events\",\"id\":\"42\",\"event\":\"talk.started\",\"data\":{\"a\":1}}",
        studio("42"));
    assertEquals(
        "{\"channel\":\"events\",\"event\":\"talk.started\",\"data\":{\"a\":1}}", studio(null));
  }

  @Test
  void anItemAndAStateOfAFeedAreMessages() {
    assertEquals(
        "{\"id\":\"7\",\"channel\":\"polls/1\",\"event\":\"vote\",\"data\":[1]}",
        shape.frame("7", "polls/1", "vote", "[1]").toString());
    assertEquals(
        "{\"channel\":\"polls/1\",\"event\":\"votes\",\"data\":{}}",
        shape.frame(null, "polls/1", "votes", "{}").toString());
  }

  @Test
  void controlMessagesHaveNoChannel() {
    assertEquals(
        "{\"id\":\"7\",\"event\":\"connected\",\"timestamp\":\"2026-11-21T12:00:00.000Z\",\"data\":{}}",
        shape.opening("7", "connected", NOON, "{}", 3_000).toString());
    assertEquals(
        "{\"event\":\"pong\",\"timestamp\":\"2026-11-21T12:00:00.000Z\",\"data\":{}}",
        shape.control(null, "pong", NOON, "{}").toString());
  }

  @Test
  void aHeartbeatIsAMessageUnlessItIsAComment() {
    assertNull(shape.heartbeat(Heartbeat.COMMENT, NOON));
    for (Heartbeat sent : List.of(Heartbeat.EVENT, Heartbeat.MESSAGE)) {
      Frame frame = shape.heartbeat(sent, NOON);
      assertEquals(
          "{\"event\":\"heartbeat\",\"timestamp\":\"2026-11-21T12:00:00.000Z\",\"data\":"
              + NOON.toEpochMilli()
              + '}',
          String.valueOf(frame));
    }
  }
}
