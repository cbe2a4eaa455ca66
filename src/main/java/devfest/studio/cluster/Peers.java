package devfest.studio.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The other nodes that send messages at present, and the numbers of their open streams. The numbers
 * are up to about a second old. Safe for use from many threads.
 */
@ApplicationScoped
public class Peers implements Receiver {

  /**
   * A node that sends no number for this time does not count: it has missed two of them. Less than
   * clients wait before they reconnect, so that the streams of a dead node do not count then.
   */
  private static final long SILENT_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);

  private final Cluster cluster;
  private final LongSupplier nanoTime;
  private final Map<String, Peer> peers = new ConcurrentHashMap<>();

  /**
   * @param connections the number of open streams
   * @param at when it was received, by {@link #nanoTime}
   */
  private record Peer(int connections, long at) {}

  @Inject
  Peers(Cluster cluster) {
    this(cluster, System::nanoTime);
  }

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  Peers(Cluster cluster, LongSupplier nanoTime) {
    this.cluster = cluster;
    this.nanoTime = nanoTime;
  }

  /** The number of other nodes. */
  public int size() {
    return nodes().size();
  }

  /** The ids of the other nodes. */
  Set<String> nodes() {
    dropSilent();
    return Set.copyOf(peers.keySet());
  }

  /** Whether another node with this id sends messages at present. */
  public boolean has(String node) {
    Peer peer = peers.get(node);
    return peer != null && !isSilent(peer);
  }

  /** The number of open streams of all other nodes. */
  public int connections() {
    dropSilent();
    return peers.values().stream().mapToInt(Peer::connections).sum();
  }

  private void dropSilent() {
    peers.values().removeIf(this::isSilent);
  }

  private boolean isSilent(Peer peer) {
    return nanoTime.getAsLong() - peer.at() > SILENT_NANOS;
  }

  /** Sends the number of this node's open streams. Called every second. */
  public void send(int connections) {
    cluster.send(
        new Message(
            kind(),
            "",
            Message.JSON.createObjectBuilder().add("connections", connections).build()));
  }

  @Override
  public String kind() {
    return "counts";
  }

  @Override
  public void received(String node, JsonObject data) {
    peers.put(node, new Peer(data.getInt("connections"), nanoTime.getAsLong()));
  }

  void lost(@Observes(during = TransactionPhase.AFTER_SUCCESS) NodeLost lost) {
    peers.remove(lost.nodeId());
  }
}
