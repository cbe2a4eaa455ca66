package devfest.studio.http;

import devfest.studio.settings.Values;
import java.util.List;

/**
 * Proxies before the studio.
 *
 * @param trusted those whose headers about the client are believed
 */
public record ProxySettings(List<Network> trusted) {

  public static ProxySettings from(Values values) {
    return new ProxySettings(
        values
            .other(
                "studio.trusted-proxies",
                "a list of IP addresses and ranges such as 10.0.0.0/8, separated by commas",
                value -> !Proxies.networks(value).isEmpty(),
                Proxies::networks)
            .orElse(List.of()));
  }
}
