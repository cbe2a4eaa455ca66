/**
 * What applies to all HTTP requests: access, headers, problem documents, success envelopes and body
 * limits.
 */
package devfest.studio.app.http;
