package devfest.studio.feed;

import devfest.studio.cluster.Cluster;
import devfest.studio.cluster.Message;
import devfest.studio.cluster.Receiver;
import devfest.studio.events.Changed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;

/** Makes the other nodes send the state of a feed that has changed here. Thread-safe. */
@ApplicationScoped
class ChangeRelay implements Receiver {

  private static final String KIND = "changed";

  /** The channel of a message by which a node reports that it may have lost changes. */
  private static final String ALL = "";

  private final Cluster cluster;
  private final FeedGroups groups;

  @Inject
  ChangeRelay(Cluster cluster, FeedGroups groups) {
    this.cluster = cluster;
    this.groups = groups;
  }

  void send(@Observes(during = TransactionPhase.AFTER_SUCCESS) Changed change) {
    JsonObjectBuilder data = Message.JSON.createObjectBuilder().add("channel", change.channel());
    if (change.userId() != null) {
      data.add("userId", change.userId());
    }
    cluster.send(new Message(KIND, change.channel() + ' ' + change.userId(), data.build()));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public void received(String node, JsonObject data) {
    String channel = data.getString("channel");
    if (channel.equals(ALL)) {
      groups.refresh();
    } else {
      groups.changed(new Changed(channel, data.getString("userId", null)));
    }
  }

  /**
   * Makes all nodes send the state of every feed again: this node may have missed changes, and its
   * own may have been lost.
   */
  @Override
  public void connected() {
    groups.refresh();
    cluster.send(
        new Message(KIND, ALL, Message.JSON.createObjectBuilder().add("channel", ALL).build()));
  }
}
