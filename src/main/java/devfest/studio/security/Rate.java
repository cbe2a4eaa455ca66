package devfest.studio.security;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * How often each user may do a thing: so many times in a row, and then as often as the period gives
 * them back, one after the other. Counted on this node. Safe for use from many threads.
 */
public final class Rate {

  private static final int MANY = 1_000;

  private final int most;
  private final long nanosEach;

  /** When a user who did something will have all back. */
  private final Map<String, Long> free = new HashMap<>();

  /**
   * @param most how often in the period
   */
  public Rate(int most, Duration period) {
    this.most = most;
    this.nanosEach = period.toNanos() / most;
  }

  /** Takes one; when there is none left, tells after how long there will be. */
  public Optional<Duration> take(String user) {
    return take(user, System.nanoTime());
  }

  synchronized Optional<Duration> take(String user, long now) {
    long mine = Math.max(0, free.getOrDefault(user, now) - now);
    long wait = mine + nanosEach - most * nanosEach;
    if (wait > 0) {
      return Optional.of(Duration.ofNanos(wait));
    }
    free.put(user, now + mine + nanosEach);
    if (free.size() > MANY) {
      forget(now);
    }
    return Optional.empty();
  }

  private void forget(long now) {
    for (Iterator<Long> each = free.values().iterator(); each.hasNext(); ) {
      if (each.next() - now <= 0) {
        each.remove();
      }
    }
  }
}
