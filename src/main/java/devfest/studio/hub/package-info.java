/**
 * Delivers the events that the log's tailer reads to the open streams of this node. Each event is
 * encoded once and kept in a ring. A subscription consists of a filter and a cursor; if it is
 * behind the ring, it reads from the log. Plain Java without a database or JAX-RS resources.
 */
@NullMarked
package devfest.studio.hub;

import org.jspecify.annotations.NullMarked;
