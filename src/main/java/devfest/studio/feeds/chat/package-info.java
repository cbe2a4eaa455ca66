/**
 * Chat rooms. Everybody can read, and callers with a token can post. Messages are events in the
 * log, so streams can replay the ones a client has missed. Presence is stored as rows, so that each
 * user joins and leaves once over all nodes. Admins can erase a message, also from the log.
 */
@NullMarked
package devfest.studio.feeds.chat;

import org.jspecify.annotations.NullMarked;
