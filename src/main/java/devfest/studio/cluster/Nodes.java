package devfest.studio.cluster;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the nodes that are alive. Each method runs in one short transaction. Safe for use
 * from many threads and nodes.
 */
@ApplicationScoped
@Transactional
public class Nodes {

  /** The pause between two renewals of a row. */
  static final Duration RENEWAL = Duration.ofSeconds(3);

  /**
   * A node that is not seen for this time is lost: it has missed at least three renewals, and is
   * removed within 15 seconds.
   */
  static final Duration LOST = Duration.ofSeconds(12);

  /**
   * How long the clients of a node that stops have to reconnect to another one, before it is lost
   * with what it knows of them.
   */
  static final Duration RECONNECT = Duration.ofSeconds(6);

  private final EntityManager em;
  private final Clock clock;
  private final Event<NodeLost> lost;
  private final Event<NodeRejoined> rejoined;

  @Inject
  public Nodes(EntityManager em, Clock clock, Event<NodeLost> lost, Event<NodeRejoined> rejoined) {
    this.em = em;
    this.clock = clock;
    this.lost = lost;
    this.rejoined = rejoined;
  }

  /** Registers a node. */
  public void join(String id, String name) {
    em.persist(new NodeRow(id, name, clock.instant()));
  }

  /**
   * Renews the row of a node, or registers the node again if others have removed it.
   *
   * @return the ids of the nodes that are lost. Empty if this node has missed a renewal itself,
   *     because then probably every node has: the database was not available
   */
  public List<String> renew(String id, String name) {
    Instant now = clock.instant();
    @Nullable NodeRow row = em.find(NodeRow.class, id, LockModeType.PESSIMISTIC_WRITE);
    if (row == null) {
      join(id, name);
      rejoined.fire(new NodeRejoined(id));
      return List.of();
    }
    if (row.renew(now).compareTo(RENEWAL.multipliedBy(2)) > 0) {
      return List.of();
    }
    return em.createQuery("select n.id from NodeRow n where n.seenAt < :limit", String.class)
        .setParameter("limit", now.minus(LOST))
        .getResultList();
  }

  /** The number of other nodes that are alive. */
  public int others(String id) {
    return em.createQuery(
            "select count(n) from NodeRow n where n.id <> :id and n.seenAt >= :limit", Long.class)
        .setParameter("id", id)
        .setParameter("limit", clock.instant().minus(LOST).plus(RECONNECT))
        .getSingleResult()
        .intValue();
  }

  /**
   * Removes a node that is still lost, and fires {@link NodeLost} if no other node has.
   *
   * @return whether this call removed it
   */
  public boolean removeLost(String id) {
    int removed =
        em.createQuery("delete from NodeRow n where n.id = :id and n.seenAt < :limit")
            .setParameter("id", id)
            .setParameter("limit", clock.instant().minus(LOST))
            .executeUpdate();
    if (removed == 1) {
      lost.fire(new NodeLost(id));
    }
    return removed == 1;
  }

  /** Lets other nodes remove a node that stops, after {@link #RECONNECT}. */
  public void leave(String id) {
    int ignored =
        em.createQuery("update NodeRow n set n.seenAt = :seen where n.id = :id")
            .setParameter("seen", clock.instant().minus(LOST).plus(RECONNECT))
            .setParameter("id", id)
            .executeUpdate();
  }
}
