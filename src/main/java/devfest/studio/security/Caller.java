package devfest.studio.security;

import jakarta.ws.rs.NotAuthorizedException;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a request.
 *
 * @param userId null when anonymous
 * @param groups of the token
 * @param until when the token expires; null for never
 * @param session the session that the caller came in by; null when by a token of its own
 */
public record Caller(
    @Nullable String userId,
    Set<String> groups,
    @Nullable Instant until,
    @Nullable String session) {

  /** What the columns of user ids hold. */
  private static final int MAX_USER_ID = 255;

  static final Caller ANONYMOUS = new Caller(null, Set.of(), null, null);

  /** Whether this can be a user's id: what the database could not hold is no user. */
  public static boolean isUserId(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_USER_ID
        && text.chars().noneMatch(Character::isISOControl);
  }

  Caller in(String itsSession) {
    return new Caller(userId, groups, until, itsSession);
  }

  /** The caller with nothing but what anybody may do. */
  public Caller asAnybody() {
    return new Caller(null, Set.of(), until, session);
  }

  /**
   * The user's id.
   *
   * @throws NotAuthorizedException when the caller is anonymous
   */
  public String user() {
    if (userId == null) {
      throw Callers.required();
    }
    return userId;
  }

  public boolean anonymous() {
    return userId == null;
  }

  public boolean admin() {
    return groups.contains(Roles.ADMIN);
  }

  /** Whether the caller may do what the owner may. */
  public boolean mayActFor(@Nullable String owner) {
    return admin() || (userId != null && userId.equals(owner));
  }
}
