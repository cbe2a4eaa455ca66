package devfest.studio.webhooks;

import devfest.studio.settings.Values;
import java.time.Duration;

/**
 * Settings of webhooks.
 *
 * @param allowPrivate whether receivers may have private and loopback addresses
 * @param giveUp how long a webhook may fail before it is disabled
 */
public record WebhookSettings(boolean allowPrivate, Duration giveUp) {

  public static WebhookSettings from(Values values) {
    return new WebhookSettings(
        values.flag("studio.webhooks.allow-private", false),
        values.duration("studio.webhooks.give-up", "PT24H", "PT1S", "P30D"));
  }
}
