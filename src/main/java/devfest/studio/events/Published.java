package devfest.studio.events;

import java.util.List;

/** Fired after events of the log have gone out to streams, in their order, on one thread. */
public record Published(List<LoggedEvent> events) {}
