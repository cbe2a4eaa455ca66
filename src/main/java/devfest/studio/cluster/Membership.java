package devfest.studio.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps this node registered while it runs, and removes nodes that are lost. Started and stopped by
 * one thread.
 */
@ApplicationScoped
public class Membership {

  private static final Logger LOG = System.getLogger(Membership.class.getName());

  /** Longer than a renewal takes; a blocked database must not prevent the stop. */
  private static final long STOP_MILLIS = 2_000;

  private final Cluster cluster;
  private final Nodes nodes;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private @Nullable Thread thread;

  @Inject
  public Membership(Cluster cluster, Nodes nodes) {
    this.cluster = cluster;
    this.nodes = nodes;
  }

  /** Registers this node, and renews its row until {@link #stop}. */
  public void start(ThreadFactory threads) {
    nodes.join(cluster.node(), cluster.name());
    Thread started = threads.newThread(this::run);
    started.setName("node");
    thread = started;
    started.start();
  }

  /** Whether other nodes are alive; false without the database. */
  public boolean hasOthers() {
    return others() > 0;
  }

  /** The number of other nodes that are alive; 0 without the database. */
  public int others() {
    try {
      return nodes.others(cluster.node());
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "The other nodes are not known", e);
      return 0;
    }
  }

  /**
   * Lets other nodes remove this node soon; without the database, they remove it later. Returns
   * within {@value #STOP_MILLIS} ms, and may be called again.
   */
  public void stop() {
    stopping.countDown();
    try {
      if (thread != null) {
        thread.join(STOP_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!stopping.await(Nodes.RENEWAL.toMillis(), TimeUnit.MILLISECONDS)) {
        renew();
      }
      nodes.leave(cluster.node());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.log(
          Level.INFO, "This node could not leave, so others remove it later: " + e.getMessage());
    }
  }

  private void renew() {
    try {
      for (String lost : nodes.renew(cluster.node(), cluster.name())) {
        if (nodes.removeLost(lost)) {
          LOG.log(Level.INFO, "The node " + lost + " has stopped or was lost, and is removed.");
        }
      }
    } catch (Throwable e) { // the thread must survive, as nothing replaces it
      LOG.log(Level.WARNING, "This node could not be renewed. Retrying.", e);
    }
  }
}
