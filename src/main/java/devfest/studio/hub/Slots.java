package devfest.studio.hub;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts the open streams of this node by quota key and in total, and refuses those above the
 * limits. Streams of other nodes count too if they are {@linkplain #elsewhere set}. Safe for use
 * from many threads.
 *
 * @see Subscriber#quotaKey
 */
public final class Slots {

  /** Bounds the memory of changes that nobody takes; each takes about 100 bytes. */
  static final int MAX_CHANGES = 10_000;

  /** The slots in use on other nodes. Called under a lock, so it must return at once. */
  public interface Elsewhere {

    /** No other nodes. */
    Elsewhere NONE =
        new Elsewhere() {
          @Override
          public int inUse(String quotaKey) {
            return 0;
          }

          @Override
          public int inUse() {
            return 0;
          }
        };

    int inUse(String quotaKey);

    /** The total of all quota keys. */
    int inUse();
  }

  /**
   * The slots in use on this node.
   *
   * @param complete whether quota keys that are missing have no slot; otherwise their number is
   *     unchanged
   * @param total the total of all quota keys
   * @param byKey may be 0 unless the counts are complete
   */
  public record Counts(boolean complete, int total, Map<String, Integer> byKey) {}

  private final int limit;

  @GuardedBy("this")
  private final Map<String, Integer> byKey = new HashMap<>();

  @GuardedBy("this")
  private int total;

  /** The keys that changed since the last call of {@link #changes}; null for all keys. */
  @GuardedBy("this")
  private @Nullable Set<String> changed;

  private volatile Elsewhere elsewhere = Elsewhere.NONE;

  /**
   * @param limit maximum number of slots in total
   */
  Slots(int limit) {
    this.limit = limit;
  }

  /** Sets the source of the numbers of other nodes. Streams that are open stay open. */
  public void elsewhere(Elsewhere source) {
    elsewhere = source;
  }

  /**
   * Takes a slot.
   *
   * @param keyLimit maximum number of slots of the quota key
   * @throws RefusedException if no slot is free
   */
  synchronized void take(String quotaKey, int keyLimit) {
    check();
    int own = inUse(quotaKey);
    if (own + elsewhere.inUse(quotaKey) >= keyLimit) {
      throw new RefusedException(false, "At most " + keyLimit + " streams can be open at a time.");
    }
    byKey.put(quotaKey, own + 1);
    total++;
    change(quotaKey);
  }

  /**
   * Takes no slot, but fails if none is free.
   *
   * @throws RefusedException if no slot is free in total
   */
  synchronized void check() {
    if (total + elsewhere.inUse() >= limit) {
      throw full();
    }
  }

  /** The refusal of a stream that the studio has no room for. */
  static RefusedException full() {
    return new RefusedException(true, "The studio has no free stream. Try again shortly.");
  }

  /** Frees a slot that was taken. */
  synchronized void free(String quotaKey) {
    byKey.computeIfPresent(quotaKey, (key, n) -> n == 1 ? null : n - 1);
    total--;
    change(quotaKey);
  }

  @GuardedBy("this")
  private void change(String quotaKey) {
    if (changed != null && changed.add(quotaKey) && changed.size() > MAX_CHANGES) {
      changed = null;
    }
  }

  /** The number of slots that the quota key uses on this node. */
  public synchronized int inUse(String quotaKey) {
    return byKey.getOrDefault(quotaKey, 0);
  }

  /** The slots of all quota keys. */
  public synchronized Counts all() {
    return new Counts(true, total, Map.copyOf(byKey));
  }

  /**
   * The slots of the quota keys that changed since the last call. All of them at the first call,
   * and if too many have changed.
   */
  public synchronized Counts changes() {
    Set<String> keys = changed;
    changed = new HashSet<>();
    if (keys == null) {
      return all();
    }
    Map<String, Integer> counts = new HashMap<>();
    for (String key : keys) {
      counts.put(key, inUse(key));
    }
    return new Counts(false, total, Map.copyOf(counts));
  }
}
