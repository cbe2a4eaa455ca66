package devfest.studio.security;

import devfest.studio.settings.Values;

/**
 * Settings of guests.
 *
 * @param on whether organisers hand out passes, and the tokens of guests are valid
 */
public record GuestSettings(boolean on) {

  public static GuestSettings from(Values values) {
    return new GuestSettings(values.choice("studio.guests", "off", "off", "on").equals("on"));
  }
}
