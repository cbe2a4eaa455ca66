/**
 * What applies to all HTTP requests: access, headers, problem documents, success envelopes and body
 * limits.
 */
@NullMarked
package devfest.studio.app.http;

import org.jspecify.annotations.NullMarked;
