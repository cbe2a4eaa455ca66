package devfest.studio.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * How often each user may do a thing: so many times in a row, and then as often as the period gives
 * them back, one after the other. Counted on this node. Safe for use from many threads.
 */
final class Rate {

  /** More users than are active at an event; above it those with all their turns are forgotten. */
  private static final int MANY = 1_000;

  private final Limit limit;
  private final long nanosEach;

  /** When a user who did something will have all back. */
  private final Map<String, Long> free = new HashMap<>();

  Rate(Limit limit) {
    this.limit = limit;
    this.nanosEach = limit.period().toNanos() / limit.most();
  }

  /**
   * Takes one.
   *
   * @throws Problem 429 when there is none left, which tells after how long there will be
   */
  void take(String user) {
    take(user, System.nanoTime())
        .ifPresent(
            wait -> {
              throw Problem.tryLater(
                  limit.code(), "At most " + limit.most() + ' ' + limit.things(), wait);
            });
  }

  /** The same at an instant; empty when one was taken, else how long to wait. */
  synchronized Optional<Duration> take(String user, long now) {
    long mine = Math.max(0, free.getOrDefault(user, now) - now);
    long wait = mine + nanosEach - limit.most() * nanosEach;
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
