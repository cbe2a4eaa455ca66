/**
 * Web Push: notifications that reach a browser when no page is open. A subscription of a browser is
 * a cursor on the log and a job, like a webhook: {@link devfest.studio.push.PushCourier} sends the
 * notifications of its user, encrypted for the browser, to the browser's push service
 * (docs/decisions/web-push.md).
 */
@NullMarked
package devfest.studio.push;

import org.jspecify.annotations.NullMarked;
