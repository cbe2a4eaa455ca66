package devfest.studio.webhooks;

/**
 * Fired in the transaction that disables a webhook because its receiver fails, after all changes of
 * rows.
 *
 * @param host of its URL
 * @param reason a sentence
 */
public record WebhookDisabled(String userId, String host, String reason) {}
