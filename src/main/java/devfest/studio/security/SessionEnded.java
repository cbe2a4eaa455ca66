package devfest.studio.security;

/**
 * A user has ended a session: what it had opened must end too.
 *
 * @param session as in {@link Caller#session()}
 */
public record SessionEnded(String session) {}
