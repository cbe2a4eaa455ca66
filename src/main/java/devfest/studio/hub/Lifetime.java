package devfest.studio.hub;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * When one subscription gets a heartbeat, when it has stalled, and when it ends. The streams' clock
 * asks; {@link #probe} is safe from any thread.
 */
final class Lifetime {

  private final Limits limits;
  private final Heartbeat heartbeat;
  private final Instant end;
  private final boolean endsWithToken;

  /** Streams that were opened together must not send their heartbeats together forever. */
  private final double pace = ThreadLocalRandom.current().nextDouble(0.75, 1);

  private final AtomicInteger probes = new AtomicInteger();

  /** When the last heartbeat was sent, by {@link System#nanoTime}. */
  private long beat;

  /**
   * @param tokenEnd when the right to the stream ends; null for never
   * @param nanos {@link System#nanoTime}
   */
  Lifetime(
      Limits limits, Heartbeat heartbeat, @Nullable Instant tokenEnd, Instant now, long nanos) {
    this.limits = limits;
    this.heartbeat = heartbeat;
    // Streams that were opened together must not all come back together.
    double jitter = ThreadLocalRandom.current().nextDouble(0.9, 1.1);
    Instant natural = now.plusMillis((long) (limits.lifetime().toMillis() * jitter));
    this.end = tokenEnd != null && tokenEnd.isBefore(natural) ? tokenEnd : natural;
    this.endsWithToken = end.isBefore(natural);
    this.beat = nanos;
  }

  /** Asks for heartbeats at the faster pace, or takes back that it was asked for. */
  void probe(boolean matters) {
    int ignored = probes.addAndGet(matters ? 1 : -1);
  }

  /** Why it has to end now; empty while it may stay. */
  Optional<String> over(Instant now) {
    return now.isBefore(end)
        ? Optional.empty()
        : Optional.of(endsWithToken ? "token_expired" : "lifetime");
  }

  /**
   * @param quiet nanoseconds for which a blocked client has taken nothing
   */
  boolean stalled(long quiet) {
    return quiet > limits.stall().toNanos();
  }

  /**
   * Whether a heartbeat is due; it then counts as sent.
   *
   * @param nanos {@link System#nanoTime}
   * @param quiet nanoseconds since anything was written
   */
  boolean beats(long nanos, long quiet) {
    // A comment keeps an idle connection open; what the client's code sees has to come regularly.
    long since = heartbeat == Heartbeat.COMMENT ? quiet : nanos - beat;
    boolean due =
        since >= pace * limits.heartbeat().toNanos()
            || (probes.get() > 0 && quiet >= limits.probe().toNanos());
    if (due) {
      beat = nanos;
    }
    return due;
  }
}
