package devfest.studio.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import devfest.studio.cluster.Bus;
import devfest.studio.cluster.Cluster;
import devfest.studio.cluster.Receiver;
import devfest.studio.tracing.Tracing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobRelayTest {

  /** Records what the node is notified of. */
  private static final class Recorder extends Workers {
    private final List<String> changes = new ArrayList<>();
    private boolean busy;

    Recorder() {
      super(null, null, Tracing.off());
    }

    @Override
    void changed(String type, Optional<String> ended) {
      changes.add(type + ' ' + ended.orElse("due"));
    }

    @Override
    boolean areBusy(String type) {
      return busy;
    }
  }

  private static final class Node {
    private final List<Receiver> receivers = new ArrayList<>();
    private final Cluster cluster;
    private final Recorder workers = new Recorder();
    private final JobRelay relay;

    Node(String name) {
      cluster = Bus.node(name, receivers);
      relay = new JobRelay(cluster, workers);
      receivers.add(relay);
    }
  }

  private static final JobsChanged DUE = new JobsChanged(Chore.class, Optional.empty());

  private final Bus bus = new Bus();
  private final Node a = new Node("a");
  private final Node b = new Node("b");

  @BeforeEach
  void connect() {
    bus.connect(a.cluster);
    bus.connect(b.cluster);
  }

  @Test
  void theEndOfAJobReachesTheNodeThatWorksOnIt() {
    a.relay.send(new JobsChanged(Chore.class, Optional.of("7")));
    assertEquals(List.of("Chore 7"), b.workers.changes);
    assertEquals(List.of(), a.workers.changes);
  }

  @Test
  void dueJobsAreReportedOnlyWhileThisNodeIsBusy() {
    a.relay.send(DUE);
    assertEquals(List.of(), b.workers.changes);
    a.workers.busy = true;
    a.relay.send(DUE);
    assertEquals(List.of("Chore due"), b.workers.changes);
  }
}
