/**
 * What nodes know of each other: lossy messages between them, and the nodes that are alive.
 *
 * <p>A message may be lost, repeated or reordered. Whatever must not be lost is a row in the
 * database; a message only makes other nodes look at it sooner.
 */
@NullMarked
package devfest.studio.cluster;

import org.jspecify.annotations.NullMarked;
