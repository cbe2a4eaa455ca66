package devfest.studio.transformations;

import devfest.studio.settings.Values;
import java.time.ZoneId;

/**
 * The quota of each user.
 *
 * @param perDay transformations of a day; 0 for any number
 * @param zone whose midnight begins a day
 */
public record QuotaSettings(int perDay, ZoneId zone) {

  public static QuotaSettings from(Values values) {
    return new QuotaSettings(
        values.integer("studio.quota.transformations-per-day", 100, 0, 1_000_000),
        values.other(
            "studio.quota.zone",
            "UTC",
            "a time zone such as UTC or Europe/Paris",
            value -> ZoneId.of(value) != null,
            ZoneId::of));
  }
}
