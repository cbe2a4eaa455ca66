package devfest.studio.hub;

import java.time.Duration;

/**
 * The limits of this node's streams.
 *
 * @param connections maximum number of open streams of this node
 * @param perUser maximum number of open streams of one user
 * @param perAddress maximum number of open anonymous streams of one client address
 * @param heartbeat heartbeat interval of an idle stream
 * @param probe heartbeat interval while someone needs prompt disconnect detection
 * @param lifetime maximum lifetime of a stream, varied by up to a tenth
 * @param stall time after which a client that reads nothing is disconnected
 */
public record Limits(
    int connections,
    int perUser,
    int perAddress,
    Duration heartbeat,
    Duration probe,
    Duration lifetime,
    Duration stall) {}
