package devfest.studio.http;

import java.time.Duration;

/** The slowest pace at which a client may send a body or read a response. */
public final class Pace {

  /** Time without a minimum rate: a phone that changes its network is back within it. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  /** Bytes per second after that: a quarter of a slow mobile connection. */
  private static final long RATE = 16 * 1024;

  private Pace() {}

  /** Returns whether a transfer that has moved these bytes in these nanoseconds is too slow. */
  public static boolean isTooSlow(long bytes, long nanos) {
    long paced = nanos - GRACE.toNanos();
    return paced > 0 && bytes < paced / 1_000_000 * RATE / 1_000;
  }
}
