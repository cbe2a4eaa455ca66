/**
 * Authentication and roles. A request carries a token in the {@code Authorization} header or the
 * session cookie; a stream, because browsers' stream APIs cannot send headers, also as a ticket or
 * query parameter. {@link devfest.studio.security.Tokens} verifies all of them.
 */
@NullMarked
package devfest.studio.security;

import org.jspecify.annotations.NullMarked;
