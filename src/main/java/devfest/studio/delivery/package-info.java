/**
 * What webhooks and push subscriptions have in common: a cursor on the log that is also a job,
 * whose events are sent to a URL that a user has chosen. {@link devfest.studio.delivery.Delivery}
 * sends until the cursor is at the end of the log, {@link devfest.studio.delivery.Progress} counts
 * failures, and {@link devfest.studio.delivery.Wakes} makes the job due when an event is published
 * (docs/decisions/webhooks.md).
 */
@NullMarked
package devfest.studio.delivery;

import org.jspecify.annotations.NullMarked;
