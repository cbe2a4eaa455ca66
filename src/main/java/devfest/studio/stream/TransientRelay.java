package devfest.studio.stream;

import devfest.studio.cluster.Cluster;
import devfest.studio.cluster.Message;
import devfest.studio.cluster.Receiver;
import devfest.studio.events.TransientEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.time.Instant;

/**
 * Delivers transient events on all nodes. An event that exceeds a message is delivered on its own
 * node only. Thread-safe.
 */
@ApplicationScoped
class TransientRelay implements Receiver {

  private static final String KIND = "transient";

  private final Cluster cluster;
  private final StreamEngine engine;

  @Inject
  TransientRelay(Cluster cluster, StreamEngine engine) {
    this.cluster = cluster;
    this.engine = engine;
  }

  void send(@Observes TransientEvent event) {
    if (cluster.isAlone()) {
      return;
    }
    JsonObject data =
        Message.JSON
            .createObjectBuilder()
            .add("key", event.key())
            .add("timestamp", event.timestamp().toEpochMilli())
            .add("event", EventJson.of(event.event()))
            .build();
    cluster.send(new Message(KIND, event.key(), data));
  }

  @Override
  public String kind() {
    return KIND;
  }

  /** Delivers the event directly: firing it would send it to all nodes again. */
  @Override
  public void received(String node, JsonObject data) {
    engine.deliver(
        new TransientEvent(
            data.getString("key"),
            Instant.ofEpochMilli(data.getJsonNumber("timestamp").longValue()),
            EventJson.event(data.getJsonObject("event"))));
  }
}
