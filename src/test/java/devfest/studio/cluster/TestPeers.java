package devfest.studio.cluster;

import java.util.concurrent.atomic.AtomicLong;

/** The peers of a node, with a clock that the test advances. */
public final class TestPeers extends Peers {

  private final AtomicLong time;

  public TestPeers(Cluster cluster) {
    this(cluster, new AtomicLong());
  }

  private TestPeers(Cluster cluster, AtomicLong time) {
    super(cluster, time::get);
    this.time = time;
  }

  public void passMillis(long millis) {
    time.addAndGet(millis * 1_000_000);
  }
}
