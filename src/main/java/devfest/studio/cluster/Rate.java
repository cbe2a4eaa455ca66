package devfest.studio.cluster;

import devfest.studio.settings.Frequency;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A token bucket per key in the memory of this node: a user or an address may perform the action up
 * to the maximum in a burst, and regains one action after each fraction of the period. Memory is
 * bounded: above 10,000 keys, the one that was used the longest time ago is forgotten. Thread-safe.
 */
final class Rate {

  /** More users and addresses than are active at an event within a minute. */
  static final int MAX_KEYS = 10_000;

  /** The part of the maximum that a node takes from all nodes' count at once. */
  private static final int BATCHES = 50;

  private final Frequency frequency;
  private final long nanosEach;

  /** By the time of the last use. */
  private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Bucket {
    /** The {@link System#nanoTime} at which the bucket is full again. */
    private long fullAt;

    /** Actions that this node has counted in advance for all nodes. */
    private int credit;

    /** The nano time from which the credit is void. */
    private long creditUntil;

    Bucket(long now) {
      fullAt = now;
    }
  }

  Rate(Frequency frequency) {
    this.frequency = frequency;
    this.nanosEach = frequency.nanosEach();
  }

  Frequency frequency() {
    return frequency;
  }

  /**
   * The number of actions to count at once for all nodes: spares frequent actions a round trip to
   * the database each, and costs a fiftieth of the maximum in precision.
   */
  int batch() {
    return Math.max(1, frequency.most() / BATCHES);
  }

  /**
   * Counts one action at a given nano time. Returns empty if it is allowed, else the time to wait.
   */
  synchronized Optional<Duration> take(String key, long now) {
    Bucket bucket = bucket(key, now);
    long debt = Math.max(0, bucket.fullAt - now);
    long wait = debt + nanosEach - frequency.most() * nanosEach;
    if (wait > 0) {
      return Optional.of(Duration.ofNanos(wait));
    }
    bucket.fullAt = now + debt + nanosEach;
    return Optional.empty();
  }

  private Bucket bucket(String key, long now) {
    Bucket bucket = buckets.computeIfAbsent(key, none -> new Bucket(now));
    if (buckets.size() > MAX_KEYS) {
      buckets.remove(buckets.keySet().iterator().next());
    }
    return bucket;
  }

  /** Uses one action of the credit. Returns false if there is none. */
  synchronized boolean spend(String key, long now) {
    Bucket bucket = bucket(key, now);
    if (bucket.credit == 0 || bucket.creditUntil - now <= 0) {
      return false;
    }
    bucket.credit--;
    return true;
  }

  /**
   * Replaces the count of this node by that of all nodes.
   *
   * @param debt the time until the bucket is full, including the credit
   * @param credit actions that were counted in advance. They are void after the time in which they
   *     are regained, so that a key that acts seldom does not pay for them.
   */
  synchronized void set(String key, Duration debt, int credit, long now) {
    Bucket bucket = bucket(key, now);
    bucket.fullAt = now + Math.max(0, debt.toNanos() - credit * nanosEach);
    bucket.credit = credit;
    bucket.creditUntil = now + (credit + 1) * nanosEach;
  }
}
