package devfest.studio.delivery;

import devfest.studio.settings.Values;
import java.time.Duration;

/**
 * Settings of webhooks and push subscriptions.
 *
 * @param allowPrivate whether receivers may have private and loopback addresses
 * @param giveUp how long a receiver may fail before the studio sends nothing more
 */
public record DeliverySettings(boolean allowPrivate, Duration giveUp) {

  public static DeliverySettings from(Values values) {
    return new DeliverySettings(
        values.flag("studio.webhooks.allow-private", false),
        values.duration("studio.webhooks.give-up", "PT24H", "PT1S", "P30D"));
  }
}
