package devfest.studio.stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what feeds show, as it changes, by owner: reading a number costs the same however many
 * things it counts. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
public class Tally {

  /** The owner of what belongs to no user. */
  private static final String NOBODY = "";

  private static final Logger LOG = System.getLogger(Tally.class.getName());

  @Inject private EntityManager em;
  @Inject private Tally itself; // through the container, which begins its transactions

  /**
   * Changes numbers in the caller's transaction, before it appends to the log.
   *
   * @param owner whose, null for what belongs to no user
   */
  @Transactional(TxType.MANDATORY)
  public void add(String owner, Map<String, Integer> changes) {
    // All in one order, so that two transactions don't wait for each other.
    new TreeMap<>(changes)
        .forEach(
            (name, change) -> {
              add(name, owner == null ? NOBODY : owner, change);
              add(name, Feed.ALL, change);
            });
  }

  private void add(String name, String owner, int change) {
    if (change != 0 && update(name, owner, change) == 0) {
      try {
        itself.open(name, owner);
      } catch (RuntimeException e) {
        LOG.log(Level.DEBUG, "Another was faster to begin to count", e);
      }
      int ignored = update(name, owner, change);
    }
  }

  private int update(String name, String owner, int change) {
    return em.createQuery(
            "update FeedCount c set c.total = c.total + :change"
                + " where c.name = :name and c.owner = :owner")
        .setParameter("change", (long) change)
        .setParameter("name", name)
        .setParameter("owner", owner)
        .executeUpdate();
  }

  @Transactional(TxType.REQUIRES_NEW)
  void open(String name, String owner) {
    if (em.find(FeedCount.class, new FeedCount.Key(name, owner)) == null) {
      em.persist(new FeedCount(name, owner));
    }
  }

  /** The number for a view: the user's own and what belongs to nobody, or all. */
  public long total(String name, String view) {
    return view.equals(Feed.ALL) ? read(name, Feed.ALL) : read(name, view) + read(name, NOBODY);
  }

  private long read(String name, String owner) {
    FeedCount count = em.find(FeedCount.class, new FeedCount.Key(name, owner));
    return count == null ? 0 : count.total();
  }
}
