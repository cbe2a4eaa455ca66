package devfest.studio.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.events.Cloud;
import devfest.studio.events.CloudEvents;
import io.cloudevents.CloudEvent;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CloudShapeTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final CloudShape shape = new CloudShape(new CloudEvents(() -> "https://studio.example"));

  private CloudEvent control() {
    return Cloud.read(shape.controlData("42", "stream.reset", NOON, "{}"));
  }

  @Test
  void aControlEventNeverHasTheIdOfAnotherEvent() {
    String id = control().getId();
    assertTrue(id.startsWith("stream.reset-"), id);
    assertNotEquals(id, control().getId());
  }

  @Test
  void aHeartbeatIsACloudEventUnlessItIsAComment() {
    String comment = String.valueOf(shape.heartbeat(Heartbeat.COMMENT, NOON));
    assertEquals(String.valueOf(Heartbeat.COMMENT.frame(NOON)), comment);
    String event = String.valueOf(shape.heartbeat(Heartbeat.EVENT, NOON));
    assertTrue(event.startsWith("event: heartbeat\ndata: {"), event);
    String message = String.valueOf(shape.heartbeat(Heartbeat.MESSAGE, NOON));
    assertTrue(message.startsWith("data: {"), message);
    CloudEvent read = Cloud.read(message.substring("data: ".length()));
    assertEquals("heartbeat", read.getType());
    assertEquals(Long.toString(NOON.toEpochMilli()), Cloud.data(read));
  }
}
