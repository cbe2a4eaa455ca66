package devfest.studio.http;

import devfest.studio.settings.Values;
import java.util.List;

/**
 * Settings of proxies in front of the studio.
 *
 * @param trusted the proxies whose headers about the client are used
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
