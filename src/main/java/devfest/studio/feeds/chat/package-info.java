/**
 * Chat rooms. Everybody can read, and callers with a token can post. Messages are events in the
 * log, so streams can replay the ones a client has missed. Each node publishes the presence of its
 * own connections. Admins can erase a message, also from the log.
 */
@NullMarked
package devfest.studio.feeds.chat;

import org.jspecify.annotations.NullMarked;
