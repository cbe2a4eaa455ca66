package devfest.studio.hub;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Decides when one subscription gets a heartbeat, has stalled, or must end. Used by the thread of
 * the streams' clock; {@link #probe} is safe for use from many threads.
 */
final class Lifetime {

  private final Limits limits;
  private final Heartbeat heartbeat;
  private final Instant end;
  private final boolean endsWithToken;

  /** Spreads the heartbeats of streams that were opened at the same time. */
  private final double pace = ThreadLocalRandom.current().nextDouble(0.75, 1);

  private final AtomicInteger probes = new AtomicInteger();

  /** When the last heartbeat was sent, by {@link System#nanoTime}. */
  private long lastHeartbeat;

  /**
   * @param tokenEnd when the token expires; null for never
   * @param nanos {@link System#nanoTime}
   */
  Lifetime(
      Limits limits, Heartbeat heartbeat, @Nullable Instant tokenEnd, Instant now, long nanos) {
    this.limits = limits;
    this.heartbeat = heartbeat;
    // Spreads the reconnects of clients whose streams were opened at the same time.
    double jitter = ThreadLocalRandom.current().nextDouble(0.9, 1.1);
    Instant lifetimeEnd = now.plusMillis((long) (limits.lifetime().toMillis() * jitter));
    this.end = tokenEnd != null && tokenEnd.isBefore(lifetimeEnd) ? tokenEnd : lifetimeEnd;
    this.endsWithToken = end.isBefore(lifetimeEnd);
    this.lastHeartbeat = nanos;
  }

  /**
   * Requests heartbeats at the probe interval.
   *
   * @param needed false to withdraw an earlier request
   */
  void probe(boolean needed) {
    int ignored = probes.addAndGet(needed ? 1 : -1);
  }

  /** Why the stream must be closed now; empty if it may stay open. */
  Optional<String> closeReason(Instant now) {
    return now.isBefore(end)
        ? Optional.empty()
        : Optional.of(endsWithToken ? "token_expired" : "lifetime");
  }

  /**
   * @param quiet nanoseconds since anything was written to a blocked stream
   */
  boolean isStalled(long quiet) {
    return quiet > limits.stall().toNanos();
  }

  /**
   * Whether a heartbeat is due. If so, it counts as sent now.
   *
   * @param nanos {@link System#nanoTime}
   * @param quiet nanoseconds since anything was written
   */
  boolean takeHeartbeat(long nanos, long quiet) {
    // Comments only keep idle connections open; events and messages are sent at regular intervals.
    long since = heartbeat == Heartbeat.COMMENT ? quiet : nanos - lastHeartbeat;
    boolean due =
        since >= pace * limits.heartbeat().toNanos()
            || (probes.get() > 0 && quiet >= limits.probe().toNanos());
    if (due) {
      lastHeartbeat = nanos;
    }
    return due;
  }
}
