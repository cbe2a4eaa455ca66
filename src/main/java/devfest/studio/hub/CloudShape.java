package devfest.studio.hub;

import devfest.studio.events.CloudEvents;
import devfest.studio.events.Occurrence;
import devfest.studio.sse.Frame;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Named frames with a CloudEvent as data. Control frames and heartbeats are CloudEvents too. */
public final class CloudShape extends Shape {

  private final CloudEvents events;

  public CloudShape(CloudEvents events) {
    this.events = events;
  }

  @Override
  public Frame frame(Occurrence occurrence) {
    return named(occurrence, events.json(occurrence));
  }

  /** The id of the frame is a position, which is the id of another CloudEvent. */
  @Override
  public String controlData(@Nullable String id, String type, Instant now, String data) {
    return events.control(type + '-' + UUID.randomUUID(), type, now, data);
  }

  @Override
  public @Nullable Frame heartbeat(Heartbeat heartbeat, Instant now) {
    if (heartbeat == Heartbeat.COMMENT) {
      return heartbeat.frame(now);
    }
    String time = Long.toString(now.toEpochMilli());
    String name = heartbeat == Heartbeat.EVENT ? Heartbeat.NAME : null;
    return Frame.event(null, name, controlData(null, Heartbeat.NAME, now, time));
  }
}
