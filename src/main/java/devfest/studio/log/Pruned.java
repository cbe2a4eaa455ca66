package devfest.studio.log;

/**
 * Fired inside a transaction that prunes old events; observe it {@code AFTER_SUCCESS}.
 *
 * @param position events up to this position are pruned
 */
public record Pruned(long position) {}
