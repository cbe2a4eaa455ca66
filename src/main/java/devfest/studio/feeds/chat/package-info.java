/**
 * Rooms in which everybody reads and who has a token writes. Messages are events of the log, so
 * that there is a history and nobody misses one; who is there is told by each node of its own
 * connections. An admin may take a message away, from the log too.
 */
@NullMarked
package devfest.studio.feeds.chat;

import org.jspecify.annotations.NullMarked;
