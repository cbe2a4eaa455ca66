package devfest.studio.app.server;

import devfest.studio.http.Pace;
import java.time.Duration;

/**
 * The bytes that a connection has not yet sent, at a check. Times are those of {@link
 * System#nanoTime}.
 *
 * @param moved when the number last changed
 * @param written when bytes were last added
 * @param most the bytes at that time
 */
record Pending(int bytes, long moved, long written, int most) {

  /** Bytes that have not moved for so long are too slow: more than any pause of a network. */
  private static final Duration STALLED = Duration.ofSeconds(30);

  static Pending empty(long now) {
    return new Pending(0, now, now, 0);
  }

  /** Returns the state at the next check. */
  Pending next(int next, long now) {
    if (next == bytes) {
      return this;
    }
    return next > bytes ? new Pending(next, now, now, next) : new Pending(next, now, written, most);
  }

  /** Whether the client reads nothing, or less than the minimum rate. */
  boolean isTooSlow(long now) {
    return bytes > 0
        && (now - moved > STALLED.toNanos() || Pace.isTooSlow(most - bytes, now - written));
  }
}
