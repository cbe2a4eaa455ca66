package devfest.studio.stream;

import devfest.studio.cluster.Cluster;
import devfest.studio.cluster.Message;
import devfest.studio.cluster.Receiver;
import devfest.studio.log.Appended;
import devfest.studio.log.Tailer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;

/**
 * Wakes the tailers of other nodes after each commit that appended to the log. Thread-safe.
 *
 * <p>The message has no data yet; it may carry the appended events one day, so that other nodes
 * need not read them.
 */
@ApplicationScoped
class HeadRelay implements Receiver {

  private static final String KIND = "head";

  private final Cluster cluster;
  private final Tailer tailer;

  @Inject
  HeadRelay(Cluster cluster, Tailer tailer) {
    this.cluster = cluster;
    this.tailer = tailer;
  }

  void send(@Observes(during = TransactionPhase.AFTER_SUCCESS) Appended appended) {
    cluster.send(Message.of(KIND));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public void received(String node, JsonObject data) {
    connected();
  }

  @Override
  public void connected() {
    tailer.wake(new Appended());
  }
}
