package devfest.studio.jobs;

import devfest.studio.cluster.Cluster;
import devfest.studio.cluster.Message;
import devfest.studio.cluster.Receiver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.Optional;

/**
 * Reports jobs to other nodes: a job that has ended, so that the node which works on it stops, and
 * due jobs while this node is busy. While it is not, it claims them itself; if all nodes looked for
 * each of them at once, all but one would do so in vain. Thread-safe.
 */
@ApplicationScoped
class JobRelay implements Receiver {

  private static final String KIND = "jobs";

  private final Cluster cluster;
  private final Workers workers;

  @Inject
  JobRelay(Cluster cluster, Workers workers) {
    this.cluster = cluster;
    this.workers = workers;
  }

  void send(@Observes(during = TransactionPhase.AFTER_SUCCESS) JobsChanged changed) {
    String type = changed.type().getSimpleName();
    if (changed.ended().isEmpty() && !workers.areBusy(type)) {
      return;
    }
    JsonObjectBuilder data = Message.JSON.createObjectBuilder().add("type", type);
    changed.ended().ifPresent(id -> data.add("ended", id));
    cluster.send(new Message(KIND, type + ' ' + changed.ended().orElse(""), data.build()));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public void received(String node, JsonObject data) {
    workers.changed(data.getString("type"), Optional.ofNullable(data.getString("ended", null)));
  }
}
