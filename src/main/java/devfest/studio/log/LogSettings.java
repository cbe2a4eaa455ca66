package devfest.studio.log;

import devfest.studio.settings.Values;
import java.time.Duration;

/**
 * Settings of the event log.
 *
 * @param retention the age after which events are pruned
 * @param newOrigin whether to start a new origin, after the database was restored from a backup
 */
public record LogSettings(Duration retention, boolean newOrigin) {

  public static LogSettings from(Values values) {
    return new LogSettings(
        values.duration("studio.events.retention", "P30D", "PT1S", "P3650D"),
        values.flag("studio.events.new-origin", false));
  }
}
