/**
 * HTTP around every resource: access, headers, problem documents, success envelopes, limits of
 * bodies.
 */
@NullMarked
package devfest.studio.app.http;

import org.jspecify.annotations.NullMarked;
