package devfest.studio.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * A token bucket per user: a user may perform the action up to the maximum in a burst, and regains
 * one action after each fraction of the period. Counts on this node only. Thread-safe.
 */
final class Rate {

  /** More users than are active at an event; above it, users with a full bucket are removed. */
  private static final int MANY = 1_000;

  private final Limit limit;
  private final long nanosEach;

  /** The {@link System#nanoTime} at which the bucket of each user is full again. */
  private final Map<String, Long> fullAt = new HashMap<>();

  Rate(Limit limit) {
    this.limit = limit;
    this.nanosEach = limit.period().toNanos() / limit.most();
  }

  /**
   * Counts one action.
   *
   * @throws Problem 429 with the time to wait if the bucket is empty
   */
  void take(String user) {
    take(user, System.nanoTime())
        .ifPresent(
            wait -> {
              throw Problem.tryLater(
                  limit.code(),
                  "At most " + limit.most() + ' ' + limit.things() + " are allowed.",
                  wait);
            });
  }

  /**
   * Counts one action at a given nano time. Returns empty if it is allowed, else the time to wait.
   */
  synchronized Optional<Duration> take(String user, long now) {
    long debt = Math.max(0, fullAt.getOrDefault(user, now) - now);
    long wait = debt + nanosEach - limit.most() * nanosEach;
    if (wait > 0) {
      return Optional.of(Duration.ofNanos(wait));
    }
    fullAt.put(user, now + debt + nanosEach);
    if (fullAt.size() > MANY) {
      removeFull(now);
    }
    return Optional.empty();
  }

  private void removeFull(long now) {
    for (Iterator<Long> each = fullAt.values().iterator(); each.hasNext(); ) {
      if (each.next() - now <= 0) {
        each.remove();
      }
    }
  }
}
