package devfest.studio.security;

import devfest.studio.audit.Action;
import devfest.studio.audit.Audit;
import devfest.studio.audit.Outcome;
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
  private final RevokedUsers revoked;
  private final Audit audit;
  private final Clock clock;

  @Inject
  DevMode(
      AccessSettings access, DataSettings data, RevokedUsers revoked, Audit audit, Clock clock) {
    this.access = access;
    this.data = data;
    this.revoked = revoked;
    this.audit = audit;
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
    Instant now = revoked.acceptedFrom(user, clock.instant());
    String token = DevKeys.in(data.dir()).issue(user, groups, now, life);
    audit.record(null, Action.ISSUE_DEV_TOKEN, user, Outcome.DONE);
    return new Issued(token, now.plus(life));
  }
}
