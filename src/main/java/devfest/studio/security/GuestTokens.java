package devfest.studio.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Issues the tokens of guests. They pass through {@link Tokens}, as all others. Thread-safe. */
@ApplicationScoped
public class GuestTokens {

  /** A token and when it expires. */
  public record Issued(String token, Instant expiresAt) {}

  private static final List<String> GROUPS = List.of(Roles.GUEST);

  private final GuestKeys keys;
  private final Tokens tokens;
  private final RevokedUsers revoked;
  private final Clock clock;

  @Inject
  GuestTokens(GuestKeys keys, Tokens tokens, RevokedUsers revoked, Clock clock) {
    this.keys = keys;
    this.tokens = tokens;
    this.revoked = revoked;
    this.clock = clock;
  }

  /**
   * Issues a token.
   *
   * @param name the name that others see
   * @param latest when the token expires at the latest; it may expire earlier, and can be renewed
   */
  public Issued issue(String user, String name, Instant latest) {
    Instant now = revoked.acceptedFrom(user, clock.instant());
    Instant end =
        earlier(earlier(latest, now.plus(GuestKeys.LONGEST)), tokens.latestEnd(now))
            .truncatedTo(ChronoUnit.SECONDS); // as the claim
    return new Issued(keys.sign(user, name, GROUPS, now, end), end);
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
