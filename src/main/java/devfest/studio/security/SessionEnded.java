package devfest.studio.security;

/**
 * Event: a user has ended a session. Observers close the streams that the session opened.
 *
 * @param session as in {@link Caller#session()}
 */
public record SessionEnded(String session) {}
