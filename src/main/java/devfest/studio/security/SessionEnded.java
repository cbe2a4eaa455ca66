package devfest.studio.security;

/**
 * Event: a user has ended a session at this node. Observers close the streams that the session
 * opened, on every node.
 *
 * @param session as in {@link Caller#session()}
 */
public record SessionEnded(String session) {}
