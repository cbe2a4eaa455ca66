/**
 * What a user is told personally: who mentioned him, and what became of his pictures. Stored with
 * whether it was read, and an event of the log that nobody else sees, so that one that was missed
 * is replayed.
 */
@NullMarked
package devfest.studio.feeds.notifications;

import org.jspecify.annotations.NullMarked;
