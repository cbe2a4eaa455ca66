/**
 * The event's logo, and the frame that is laid over every result. A new file replaces the old one
 * in the transaction that announces the change.
 */
@NullMarked
package devfest.studio.artwork;

import org.jspecify.annotations.NullMarked;
