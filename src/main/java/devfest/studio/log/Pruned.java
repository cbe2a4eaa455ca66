package devfest.studio.log;

/**
 * Fired inside a transaction that removes old events; observe it {@code AFTER_SUCCESS}.
 *
 * @param position events up to here are gone
 */
public record Pruned(long position) {}
