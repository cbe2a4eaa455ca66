package devfest.studio.log;

/**
 * Fired inside a transaction that appends; observe it {@code AFTER_SUCCESS} to be notified once the
 * events can be read.
 */
public record Appended() {}
