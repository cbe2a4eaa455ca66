package devfest.studio.events;

import java.util.List;

/**
 * Fired after events of the log have been delivered to the streams, in log order, on one thread.
 */
public record Published(List<LoggedEvent> events) {}
