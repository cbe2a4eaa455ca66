package devfest.studio.security;

import devfest.studio.settings.DataSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Dev mode: the studio creates its own key and issues tokens. Thread-safe. */
@ApplicationScoped
public class DevMode {

  /** A token and the instant at which it expires. */
  @Schema(name = "Token")
  public record Issued(String token, Instant expiresAt) {}

  private final AccessSettings access;
  private final DataSettings data;
  private final Clock clock;

  @Inject
  DevMode(AccessSettings access, DataSettings data, Clock clock) {
    this.access = access;
    this.data = data;
    this.clock = clock;
  }

  public boolean on() {
    return access.devMode();
  }

  /**
   * Issues a token.
   *
   * @throws IllegalStateException if dev mode is off
   */
  public Issued issue(String user, Collection<String> groups, Duration life) {
    if (!on()) {
      throw new IllegalStateException("Dev mode is off");
    }
    Instant now = clock.instant();
    return new Issued(DevKeys.in(data.dir()).issue(user, groups, now, life), now.plus(life));
  }
}
