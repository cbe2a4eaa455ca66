/**
 * Webhooks: durable cursors on the log, whose events are sent to the URLs of users. A webhook is a
 * row and a job: {@link devfest.studio.webhooks.Courier} sends batches until the cursor is at the
 * end of the log, and {@link devfest.studio.webhooks.Waker} makes the job due again when a matching
 * event is published (docs/decisions/webhooks.md).
 */
@NullMarked
package devfest.studio.webhooks;

import org.jspecify.annotations.NullMarked;
