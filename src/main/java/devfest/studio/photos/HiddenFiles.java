package devfest.studio.photos;

import devfest.studio.base.UnavailableException;
import devfest.studio.events.Published;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The photos and results whose links answer 404. Each node keeps their ids in memory, so that a
 * picture needs no query, and reads them again when the log reports a change: about 100 bytes each.
 * Safe for use from many threads and nodes.
 */
@ApplicationScoped
public class HiddenFiles {

  /** The prefix of the types of events about pictures that were hidden or shown. */
  public static final String PICTURE = "picture.";

  private static final Logger LOG = System.getLogger(HiddenFiles.class.getName());

  /** In an outage, pictures do not wait for the database: the last known state counts. */
  private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

  private final Rows rows;

  @Resource private @Nullable ManagedExecutorService executor;

  /** Null until they are read; the last state after a failure. */
  private volatile @Nullable Set<String> ids;

  private volatile boolean outdated = true;

  /** When the ids could last not be read. */
  private volatile long failed = System.nanoTime() - PAUSE_NANOS;

  @Inject
  HiddenFiles(Rows rows) {
    this.rows = rows;
  }

  /**
   * Whether the links of a photo or a result answer 404.
   *
   * @throws UnavailableException if this node has never been able to read the ids
   */
  public boolean contains(String id) throws UnavailableException {
    if (outdated && (ids == null || System.nanoTime() - failed > PAUSE_NANOS)) {
      read();
    }
    Set<String> known = ids;
    if (known == null) {
      throw new UnavailableException("The hidden pictures are not known", null);
    }
    return known.contains(id);
  }

  /** One thread at a time, so that an older state does not replace a newer one. */
  private synchronized void read() {
    if (!outdated) {
      return; // another thread has just read them
    }
    outdated = false; // before the query, so that a later change is not missed
    try {
      ids = rows.all();
    } catch (RuntimeException e) {
      outdated = true;
      failed = System.nanoTime();
      LOG.log(Level.DEBUG, "The hidden pictures could not be read", e);
    }
  }

  void published(@Observes Published published) {
    if (published.events().stream().anyMatch(logged -> logged.event().type().startsWith(PICTURE))) {
      outdated = true;
      ManagedExecutorService present = executor;
      if (present != null) {
        present.execute(this::read); // not on the thread that delivers events
      }
    }
  }

  /** Makes links answer 404, in the caller's transaction, whose event must report it. */
  public void add(Collection<String> hidden) {
    rows.add(hidden);
  }

  /** Makes links work again, as {@link #add} does. */
  public void remove(Collection<String> shown) {
    rows.remove(shown);
  }

  /** The table. */
  @ApplicationScoped
  @Transactional
  static class Rows {

    private final EntityManager em;

    @Inject
    Rows(EntityManager em) {
      this.em = em;
    }

    Set<String> all() {
      List<?> found = em.createNativeQuery("select id from hidden_file").getResultList();
      return found.stream().map(String.class::cast).collect(Collectors.toUnmodifiableSet());
    }

    @Transactional(TxType.MANDATORY)
    void add(Collection<String> hidden) {
      remove(hidden);
      for (String id : hidden) {
        int ignored =
            em.createNativeQuery("insert into hidden_file (id) values (?1)")
                .setParameter(1, id)
                .executeUpdate();
      }
    }

    @Transactional(TxType.MANDATORY)
    void remove(Collection<String> shown) {
      for (String id : shown) {
        int ignored =
            em.createNativeQuery("delete from hidden_file where id = ?1")
                .setParameter(1, id)
                .executeUpdate();
      }
    }
  }
}
