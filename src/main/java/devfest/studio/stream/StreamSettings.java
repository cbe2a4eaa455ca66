package devfest.studio.stream;

import devfest.studio.hub.Limits;
import devfest.studio.settings.Values;
import java.time.Duration;

/**
 * Settings of streams.
 *
 * @param heartbeat heartbeat interval of an idle stream
 * @param retry time after which a disconnected client reconnects
 * @param maxConnections maximum number of open streams of this node
 * @param maxPerUser maximum number of open streams of one user
 * @param maxPerAddress maximum number of open anonymous streams of one client address
 * @param lifetime maximum lifetime of a stream, varied by up to a tenth
 * @param stall time after which a client that reads nothing is disconnected
 * @param drain time over which a node that stops closes its streams, if there are other nodes
 */
public record StreamSettings(
    Duration heartbeat,
    Duration retry,
    int maxConnections,
    int maxPerUser,
    int maxPerAddress,
    Duration lifetime,
    Duration stall,
    Duration drain) {

  public static StreamSettings from(Values values) {
    return new StreamSettings(
        values.duration("studio.stream.heartbeat", "PT15S", "PT1S", "PT10M"),
        values.duration("studio.stream.retry", "PT3S", "PT0.1S", "PT10M"),
        values.integer("studio.stream.max-connections", 10_000, 1, 1_000_000),
        values.integer("studio.stream.max-connections-per-user", 32, 1, 1_000_000),
        values.integer("studio.stream.max-connections-per-address", 500, 1, 1_000_000),
        values.duration("studio.stream.max-lifetime", "PT1H", "PT1S", "P7D"),
        values.duration("studio.stream.stall-timeout", "PT2M", "PT1S", "PT1H"),
        values.duration("studio.stop.drain", "PT20S", "PT0S", "PT10M"));
  }

  /** Heartbeat interval while someone needs prompt disconnect detection, such as chat presence. */
  private static final Duration PROBE = Duration.ofSeconds(2);

  Limits limits() {
    return new Limits(maxConnections, maxPerUser, maxPerAddress, heartbeat, PROBE, lifetime, stall);
  }
}
