/**
 * The durable log: everything that happens is appended here, in the transaction that changes the
 * state, and everything that is seen is read from here. Positions are given out under one row lock,
 * so they have no hole and stand in commit order; the {@link devfest.studio.log.Tailer} is the one
 * reader that tells a node what is new.
 */
@NullMarked
package devfest.studio.log;

import org.jspecify.annotations.NullMarked;
