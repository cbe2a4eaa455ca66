package devfest.studio.webhooks;

/** Fired in a transaction that creates, changes or deletes webhooks. */
record WebhooksChanged() {}
