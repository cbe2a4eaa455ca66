package devfest.studio.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PeersTest {

  private final Bus bus = new Bus();
  private final List<Receiver> receivers = new ArrayList<>();
  private final Cluster a = Bus.node("a", receivers);
  private final Cluster b = Bus.node("b", List.of());
  private final TestPeers peers = new TestPeers(a);
  private final Peers sender = new TestPeers(b);

  @BeforeEach
  void connect() {
    receivers.add(peers);
    bus.connect(a);
    bus.connect(b);
  }

  @Test
  void theStreamsOfOtherNodesCount() {
    sender.send(3);
    sender.send(4);
    assertEquals(4, peers.connections());
    assertEquals(Set.of(b.node()), peers.nodes());
  }

  @Test
  void anUnchangedNumberIsSentAgain() {
    sender.send(3);
    sender.send(3);
    assertEquals(2, b.sent());
  }

  @Test
  void aNodeThatMissesTwoNumbersDoesNotCountBeforeClientsReconnect() {
    sender.send(3);
    peers.passMillis(2_400);
    assertTrue(peers.has(b.node()));
    assertEquals(3, peers.connections());
    peers.passMillis(200);
    assertFalse(peers.has(b.node()));
    assertEquals(0, peers.connections());
    assertEquals(0, peers.size());
  }

  @Test
  void aLostNodeDoesNotCount() {
    sender.send(3);
    peers.lost(new NodeLost(b.node()));
    assertEquals(0, peers.connections());
  }
}
