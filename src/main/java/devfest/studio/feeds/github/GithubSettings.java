package devfest.studio.feeds.github;

import devfest.studio.settings.Values;
import java.util.Optional;

/**
 * Settings of GitHub webhooks.
 *
 * @param webhookSecret secret of the organisers' webhook; empty disables that webhook
 */
public record GithubSettings(Optional<String> webhookSecret) {

  public static GithubSettings from(Values values) {
    return new GithubSettings(values.secret("studio.github.webhook-secret"));
  }
}
