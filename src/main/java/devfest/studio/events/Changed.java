package devfest.studio.events;

import org.jspecify.annotations.Nullable;

/**
 * Fired in a transaction that changes the state of a feed without appending an event to the log.
 *
 * @param channel the channel of the feed
 * @param userId the user whose view changes; null if every view changes
 */
public record Changed(String channel, @Nullable String userId) {}
