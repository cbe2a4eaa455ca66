/**
 * Who is calling and what they may see. The server verifies the token of the {@code Authorization}
 * header by MicroProfile JWT; streams, whose browser APIs can't send headers, may bring the same
 * token in the query, which is verified here by the same keys and rules.
 */
package devfest.studio.security;
