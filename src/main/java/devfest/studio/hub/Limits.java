package devfest.studio.hub;

import java.time.Duration;

/**
 * What streams may cost, for all and for one.
 *
 * @param connections open streams of this node
 * @param perUser open streams of one user
 * @param perAddress open anonymous streams of one client address
 * @param heartbeat how long a stream may be silent before a comment is sent
 * @param probe the same where it matters that the reader is there, which shows by writing
 * @param lifetime how long a stream lives, give or take a tenth
 * @param stall how long a reader may take nothing
 */
public record Limits(
    int connections,
    int perUser,
    int perAddress,
    Duration heartbeat,
    Duration probe,
    Duration lifetime,
    Duration stall) {}
