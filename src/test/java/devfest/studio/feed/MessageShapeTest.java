package devfest.studio.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import devfest.studio.events.Event;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Occurrence;
import devfest.studio.events.TransientEvent;
import devfest.studio.events.Visibility;
import devfest.studio.hub.Heartbeat;
import devfest.studio.sse.Frame;
import jakarta.json.bind.JsonbBuilder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageShapeTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final MessageShape shape =
      new MessageShape(new Catalogue(List.of(new Polls())), JsonbBuilder.create());

  private static final Event EVENT =
      Event.of("talk.started")
          .visibility(Visibility.PUBLIC)
          .channel(Event.STUDIO_CHANNEL)
          .data("{\"a\":1}")
          .build();

  private void assertMessage(String expected, Occurrence occurrence) {
    assertEquals(
        expected.formatted("\"timestamp\":\"2026-11-21T12:00:00.000Z\",\"userId\":null"),
        String.valueOf(shape.frame(occurrence)));
  }

  @Test
  void anEventHasItsIdOnlyIfItHasAPosition() {
    assertMessage(
        "{\"channel\":\"events\",\"id\":\"42\",\"event\":\"talk.started\",%s,\"data\":{\"a\":1}}",
        new LoggedEvent(42, NOON, EVENT));
    assertMessage(
        "{\"channel\":\"events\",\"event\":\"talk.started\",%s,\"data\":{\"a\":1}}",
        new TransientEvent("key", NOON, EVENT));
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
