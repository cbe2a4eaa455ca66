package devfest.studio.log;

/**
 * Fired inside a transaction that has appended; observe it {@code AFTER_SUCCESS} to learn that
 * there is something to read.
 */
public record Appended() {}
