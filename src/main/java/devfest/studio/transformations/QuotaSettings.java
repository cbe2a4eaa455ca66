package devfest.studio.transformations;

import devfest.studio.settings.Values;
import java.time.ZoneId;

/**
 * Settings of the quota per user.
 *
 * @param perDay transformations per day; 0 for no limit
 * @param zone time zone in which a day starts at midnight
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
