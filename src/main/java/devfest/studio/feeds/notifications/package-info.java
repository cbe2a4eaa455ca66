/**
 * Personal notifications of mentions and of transformations that have ended. Each is stored with
 * its read state and appended to the log as an event that only its user can see, so missed
 * notifications are replayed.
 */
@NullMarked
package devfest.studio.feeds.notifications;

import org.jspecify.annotations.NullMarked;
