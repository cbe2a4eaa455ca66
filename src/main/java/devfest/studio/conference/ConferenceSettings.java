package devfest.studio.conference;

import devfest.studio.settings.Values;

/**
 * Settings of the event.
 *
 * @param approvalFirst whether public pictures wait for approval, whatever the organisers choose
 */
public record ConferenceSettings(boolean approvalFirst) {

  public static ConferenceSettings from(Values values) {
    return new ConferenceSettings(
        values.choice("studio.moderation", "after", "after", "before").equals("before"));
  }
}
