/**
 * HTTP around every resource: access, headers, problem documents, success envelopes, limits of
 * bodies.
 */
package devfest.studio.app.http;
