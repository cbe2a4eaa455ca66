/**
 * A stream that depends on nothing but the network, for the page {@code /diagnose}, which finds
 * what is in the way of live events.
 */
@NullMarked
package devfest.studio.diagnosis;

import org.jspecify.annotations.NullMarked;
