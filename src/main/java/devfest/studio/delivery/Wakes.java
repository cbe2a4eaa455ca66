package devfest.studio.delivery;

import devfest.studio.stream.StreamEngine;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Collects the names of what is to be made due, for a thread that may wait for the database.
 * Repeats this until it succeeds. Safe for use from many threads.
 */
public final class Wakes {

  private static final Logger LOG = System.getLogger(Wakes.class.getName());

  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final StreamEngine engine;
  private final Consumer<List<String>> wake;
  private final Set<String> pending = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  /**
   * @param wake makes the named jobs due; the names are sorted
   */
  public Wakes(StreamEngine engine, Consumer<List<String>> wake) {
    this.engine = engine;
    this.wake = wake;
  }

  public boolean contains(String name) {
    return pending.contains(name);
  }

  /** Adds a name, which takes effect with the next {@link #flush}. Does not wait. */
  public void add(String name) {
    pending.add(name);
  }

  /** Makes due soon what was added. Does not wait. */
  public void flush() {
    schedule(0);
  }

  private void schedule(long nanos) {
    if (!pending.isEmpty() && scheduled.compareAndSet(false, true)) {
      engine.later(nanos, this::run);
    }
  }

  private void run() {
    scheduled.set(false);
    List<String> names = List.copyOf(pending);
    if (names.isEmpty()) {
      return;
    }
    names.forEach(pending::remove); // before the update: what comes now needs another one
    try {
      wake.accept(names.stream().sorted().toList());
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "Cursors could not be made due. Retrying.", e);
      pending.addAll(names);
      schedule(RETRY_NANOS);
    }
  }
}
