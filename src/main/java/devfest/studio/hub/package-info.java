/**
 * Brings what the log's tailer reads to the open streams of this node. An event is encoded once and
 * kept in a ring; each subscription is a filter and a cursor, and one that has fallen behind the
 * ring reads on from the log. Plain Java: no database, no JAX-RS resources.
 */
@NullMarked
package devfest.studio.hub;

import org.jspecify.annotations.NullMarked;
