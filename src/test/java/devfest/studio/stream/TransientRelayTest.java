package devfest.studio.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.cluster.Bus;
import devfest.studio.cluster.Cluster;
import devfest.studio.cluster.Receiver;
import devfest.studio.events.Event;
import devfest.studio.events.TransientEvent;
import devfest.studio.events.Visibility;
import devfest.studio.tracing.Tracing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransientRelayTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  /** Records what is delivered. */
  private static final class Engine extends StreamEngine {
    private final List<TransientEvent> delivered = new ArrayList<>();

    Engine() {
      super(null, null, null, null, null, null, Tracing.off(), null);
    }

    @Override
    void deliver(TransientEvent event) {
      delivered.add(event);
    }
  }

  private static final class Node {
    private final List<Receiver> receivers = new ArrayList<>();
    private final Cluster cluster;
    private final Engine engine = new Engine();
    private final TransientRelay relay;

    Node(String name) {
      cluster = Bus.node(name, receivers);
      relay = new TransientRelay(cluster, engine);
      receivers.add(relay);
    }
  }

  private final Bus bus = new Bus();
  private final Node a = new Node("a");
  private final Node b = new Node("b");

  @BeforeEach
  void connect() {
    bus.connect(a.cluster);
    bus.connect(b.cluster);
  }

  private static Event.Builder event(String data) {
    return Event.of("transformation.progress")
        .visibility(Visibility.PRIVATE)
        .channel(Event.STUDIO_CHANNEL)
        .data(data);
  }

  @Test
  void anEventIsDeliveredUnchangedByOtherNodesAndNotSentAgain() {
    TransientEvent progress =
        new TransientEvent(
            "job 1",
            NOON,
            event("{\"progress\":0.5}")
                .userId("ann")
                .about("photo", "p")
                .about("transformation", "t")
                .ends("other")
                .build());
    TransientEvent withoutOwner = new TransientEvent("job 2", NOON, event("null").build());
    a.relay.send(progress);
    a.relay.send(withoutOwner);
    assertEquals(List.of(progress, withoutOwner), b.engine.delivered);
    assertEquals(List.of(), a.engine.delivered, "its observer delivers it on its own node");
    assertEquals(0, b.cluster.sent());
  }

  @Test
  void anEventThatExceedsAMessageStaysOnItsNode() {
    a.relay.send(new TransientEvent("job", NOON, event("\"" + "x".repeat(8_000) + "\"").build()));
    assertEquals(List.of(), b.engine.delivered);
  }
}
