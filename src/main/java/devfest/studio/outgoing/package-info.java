/**
 * Requests that the studio sends to other systems over HTTP. Whatever the other system does, a
 * request ends: after a deadline for the whole exchange, or when the response exceeds a size.
 */
@NullMarked
package devfest.studio.outgoing;

import org.jspecify.annotations.NullMarked;
