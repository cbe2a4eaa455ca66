package devfest.studio.cluster;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A node with a given id, which keeps its messages. */
public final class TestCluster extends Cluster {

  private final String node;
  private final List<Message> messages = new ArrayList<>();

  public TestCluster(String node) {
    super(
        new ClusterSettings(
            ClusterSettings.Kind.NONE,
            Optional.of(node),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            "studio"),
        null);
    this.node = node;
  }

  /** Inserts the row of a node that is alive. */
  public static void register(EntityManager em, String node) {
    em.createNativeQuery("insert into node (id, name, started_at, seen_at) values (?1, ?1, 0, 0)")
        .setParameter(1, node)
        .executeUpdate();
  }

  /** Deletes the row of a node that is lost. */
  public static void unregister(EntityManager em, String node) {
    em.createNativeQuery("delete from node where id = ?1").setParameter(1, node).executeUpdate();
  }

  @Override
  public String node() {
    return node;
  }

  @Override
  public void send(Message message) {
    messages.add(message);
  }

  public List<Message> messages() {
    return messages;
  }
}
