/**
 * The durable log. Every event is appended in the transaction that changes the state, and
 * everything that clients get is read from the log. Positions are assigned under one row lock, so
 * they follow the commit order without gaps. On each node, one {@link devfest.studio.log.Tailer}
 * reads new events.
 */
@NullMarked
package devfest.studio.log;

import org.jspecify.annotations.NullMarked;
