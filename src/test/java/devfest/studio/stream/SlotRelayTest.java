package devfest.studio.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import devfest.studio.cluster.Bus;
import devfest.studio.cluster.Cluster;
import devfest.studio.cluster.Receiver;
import devfest.studio.cluster.TestPeers;
import devfest.studio.hub.TestSlots;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlotRelayTest {

  private static final class Node {
    private final List<Receiver> receivers = new ArrayList<>();
    private final Cluster cluster;
    private final TestPeers peers;
    private final SlotRelay relay;
    private final TestSlots own = new TestSlots();

    Node(String name) {
      cluster = Bus.node(name, receivers);
      peers = new TestPeers(cluster);
      relay = new SlotRelay(cluster, peers);
      receivers.add(peers);
      receivers.add(relay);
    }

    /** Does what the engine does every second. */
    void second() {
      peers.send(0);
      relay.send(own.slots);
    }
  }

  private final Bus bus = new Bus();
  private final Node a = new Node("a");
  private final Node b = new Node("b");

  @BeforeEach
  void connect() {
    bus.connect(a.cluster);
    bus.connect(b.cluster);
    seconds(1);
  }

  private void seconds(int count) {
    for (int i = 0; i < count; i++) {
      a.second();
      b.second();
    }
  }

  private void takeMany(int users) {
    for (int i = 0; i < users; i++) {
      a.own.take("user " + i);
    }
  }

  private int known(int users) {
    int known = 0;
    for (int i = 0; i < users; i++) {
      known += b.relay.inUse("user " + i);
    }
    return known;
  }

  @Test
  void otherNodesKnowAChangeWithinASecond() {
    a.own.take("user ann");
    a.own.take("user ann");
    seconds(1);
    assertEquals(2, b.relay.inUse("user ann"));
    a.own.free("user ann");
    a.own.free("user ann");
    seconds(1);
    assertEquals(0, b.relay.inUse("user ann"));
  }

  @Test
  void theStreamsOfASilentNodeDoNotCountUntilItSendsAgain() {
    a.own.take("user ann");
    seconds(1);
    b.peers.passMillis(2_600);
    assertEquals(0, b.relay.inUse("user ann"));
    b.second();
    a.second();
    assertEquals(1, b.relay.inUse("user ann"));
  }

  @Test
  void manyNumbersAreSpreadOverTheSeconds() {
    takeMany(10_000);
    int seconds = 0;
    while (known(10_000) < 10_000) {
      assertTrue(seconds < 10, "too slow");
      long before = a.cluster.sent();
      seconds(1);
      long sent = a.cluster.sent() - before;
      assertTrue(sent <= SlotRelay.MAX_PARTS + 1, sent + " messages in a second");
      seconds++;
    }
    assertTrue(seconds > 1, "all at once");
  }

  @Test
  void aChangePrecedesNumbersThatWait() {
    takeMany(30_000);
    seconds(1);
    a.own.take("user ann");
    seconds(1);
    assertEquals(1, b.relay.inUse("user ann"));
    assertTrue(known(30_000) < 30_000, "all at once");
  }

  @Test
  void aNodeThatReconnectsSendsAndReceivesAllNumbers() {
    bus.frozen = true;
    a.own.take("user ann");
    b.own.take("user bob");
    seconds(1);
    bus.frozen = false;
    assertEquals(0, b.relay.inUse("user ann"));
    a.relay.connected();
    seconds(1);
    assertEquals(1, b.relay.inUse("user ann"));
    assertEquals(1, a.relay.inUse("user bob"));
  }

  @Test
  void theLongestUserIdsFitIntoMessages() {
    for (int i = 100; i < 200; i++) {
      a.own.take("user " + "語".repeat(252) + i);
    }
    seconds(1);
    for (int i = 100; i < 200; i++) {
      assertEquals(1, b.relay.inUse("user " + "語".repeat(252) + i));
    }
  }
}
