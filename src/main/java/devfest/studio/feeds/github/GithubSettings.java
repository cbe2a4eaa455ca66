package devfest.studio.feeds.github;

import devfest.studio.settings.Values;
import java.util.Optional;

/**
 * Webhooks of GitHub.
 *
 * @param webhookSecret of the organisers' webhook; without it there is none
 */
public record GithubSettings(Optional<String> webhookSecret) {

  public static GithubSettings from(Values values) {
    return new GithubSettings(values.secret("studio.github.webhook-secret"));
  }
}
