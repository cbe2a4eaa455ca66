package devfest.studio.feed;

import devfest.studio.events.Changed;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Counters of the things that feeds show, by owner. Reading a counter takes constant time, however
 * many things it counts. Safe for use from many threads and nodes.
 */
@ApplicationScoped
@Transactional
public class Tally {

  /** The owner column of things without an owner. */
  private static final String NOBODY = "";

  /** The owner column of the sum over all owners; user ids have no line breaks. */
  private static final String ALL = "\n";

  private final EntityManager em;
  private final Event<Changed> changed;

  @Inject
  Tally(EntityManager em, Event<Changed> changed) {
    this.em = em;
    this.changed = changed;
  }

  /**
   * Changes counters in the caller's transaction. Must be called before the transaction appends to
   * the log.
   *
   * @param owner a user's id; null for things without an owner
   * @param changes the amounts to add, by the name of the counter
   */
  @Transactional(TxType.MANDATORY)
  public void add(@Nullable String owner, Map<String, Integer> changes) {
    List<FeedCount.Key> keys = new ArrayList<>();
    for (String name :
        new TreeSet<>(changes.keySet())) { // in a fixed order, so that locks cannot form a cycle
      keys.add(new FeedCount.Key(name, owner == null ? NOBODY : owner));
      keys.add(new FeedCount.Key(name, ALL));
    }
    if (!keys.stream().allMatch(this::exists)) {
      begin(keys);
    }
    keys.forEach(key -> update(key, Objects.requireNonNull(changes.get(key.name()), key.name())));
  }

  private boolean exists(FeedCount.Key key) {
    return em.find(FeedCount.class, key) != null;
  }

  /** Takes the guard row before any other row, so that locks cannot form a cycle. */
  private void begin(List<FeedCount.Key> keys) {
    em.find(FeedCount.class, FeedCount.Key.GUARD, LockModeType.PESSIMISTIC_WRITE);
    keys.stream()
        .filter(key -> !exists(key))
        .forEach(key -> em.persist(new FeedCount(key.name(), key.owner())));
    em.flush();
  }

  /**
   * Deletes the counters of a user, and subtracts them from the sums over all owners. The name of a
   * counter begins with the channel of its feed.
   *
   * @return whether there were any
   */
  boolean forget(String user) {
    List<FeedCount> counts =
        em.createQuery(
                "select c from FeedCount c where c.owner = :user order by c.name", FeedCount.class)
            .setParameter("user", user)
            .setLockMode(LockModeType.PESSIMISTIC_WRITE)
            .getResultList();
    for (FeedCount count : counts) {
      update(new FeedCount.Key(count.name(), ALL), -count.total());
      em.remove(count);
      changed.fire(new Changed(count.name().replaceFirst("\\..*", ""), null));
    }
    return !counts.isEmpty();
  }

  private void update(FeedCount.Key key, long change) {
    int ignored =
        em.createQuery(
                "update FeedCount c set c.total = c.total + :change"
                    + " where c.name = :name and c.owner = :owner")
            .setParameter("change", change)
            .setParameter("name", key.name())
            .setParameter("owner", key.owner())
            .executeUpdate();
  }

  /** The number of things within the scope. */
  public long total(String name, Scope.Owned scope) {
    return scope instanceof Scope.Own own
        ? read(name, own.user()) + read(name, NOBODY)
        : read(name, ALL);
  }

  private long read(String name, String owner) {
    FeedCount count = em.find(FeedCount.class, new FeedCount.Key(name, owner));
    return count == null ? 0 : count.total();
  }
}
