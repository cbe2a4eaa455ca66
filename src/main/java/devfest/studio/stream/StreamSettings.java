package devfest.studio.stream;

import devfest.studio.hub.Limits;
import java.time.Duration;

/**
 * Streams.
 *
 * @param heartbeat after which an idle stream gets a sign of life
 * @param retry after which a client reconnects
 * @param maxConnections on this node
 * @param maxPerUser of one user
 * @param maxPerAddress of the anonymous callers of one address
 * @param lifetime after which a stream ends, give or take a tenth
 * @param stall after which a client that takes nothing is disconnected
 */
public record StreamSettings(
    Duration heartbeat,
    Duration retry,
    int maxConnections,
    int maxPerUser,
    int maxPerAddress,
    Duration lifetime,
    Duration stall) {

  /** Heartbeat interval while someone needs prompt disconnect detection, such as chat presence. */
  private static final Duration PROBE = Duration.ofSeconds(2);

  Limits limits() {
    return new Limits(maxConnections, maxPerUser, maxPerAddress, heartbeat, PROBE, lifetime, stall);
  }
}
