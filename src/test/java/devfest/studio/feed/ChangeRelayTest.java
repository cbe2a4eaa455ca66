package devfest.studio.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.cluster.Bus;
import devfest.studio.cluster.Cluster;
import devfest.studio.cluster.Receiver;
import devfest.studio.events.Changed;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangeRelayTest {

  /** Records what is sent again. */
  private static final class Groups extends FeedGroups {
    private final List<Changed> changes = new ArrayList<>();
    private int refreshes;

    Groups() {
      super(null, null, null);
    }

    @Override
    void changed(Changed change) {
      changes.add(change);
    }

    @Override
    void refresh() {
      refreshes++;
    }
  }

  private static final class Node {
    private final List<Receiver> receivers = new ArrayList<>();
    private final Cluster cluster;
    private final Groups groups = new Groups();
    private final ChangeRelay relay;

    Node(String name) {
      cluster = Bus.node(name, receivers);
      relay = new ChangeRelay(cluster, groups);
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
    a.groups.refreshes = 0;
    b.groups.refreshes = 0;
  }

  @Test
  void aChangeIsPassedToOtherNodes() {
    Changed all = new Changed("polls/7", null);
    Changed own = new Changed("jobs", "ann");
    a.relay.send(all);
    a.relay.send(own);
    assertEquals(List.of(all, own), b.groups.changes);
    assertEquals(List.of(), a.groups.changes, "its observer changes its own groups");
    assertEquals(0, b.groups.refreshes);
  }

  @Test
  void afterAReconnectEveryNodeSendsItsStateOnce() {
    bus.frozen = true;
    a.relay.send(new Changed("polls/7", null));
    bus.frozen = false;
    a.relay.connected();
    assertEquals(1, a.groups.refreshes);
    assertEquals(1, b.groups.refreshes);
    assertEquals(List.of(), b.groups.changes);
  }
}
