package devfest.studio.events;

import org.jspecify.annotations.Nullable;

/**
 * Fired in a transaction that changes what a feed shows, where the log has no event that tells it.
 *
 * @param channel of the feed
 * @param userId whose view it changes; null for everybody's
 */
public record Changed(String channel, @Nullable String userId) {}
