/**
 * Who is calling and what they may do. A token may come in by the {@code Authorization} header, and
 * for streams, whose browser APIs can't send headers, by ticket, query or cookie; {@link
 * devfest.studio.security.Tokens} decides about all of them.
 */
@NullMarked
package devfest.studio.security;

import org.jspecify.annotations.NullMarked;
