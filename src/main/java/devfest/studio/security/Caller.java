package devfest.studio.security;

import java.time.Instant;
import java.util.Set;

/**
 * Who makes a request.
 *
 * @param userId null when anonymous
 * @param groups of the token
 * @param until when the token expires; null for never
 * @param session the session that the caller came in by; null when by a token of its own
 */
public record Caller(String userId, Set<String> groups, Instant until, String session) {

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

  public boolean anonymous() {
    return userId == null;
  }

  public boolean admin() {
    return groups.contains(Roles.ADMIN);
  }

  /** Whether the caller may do what the owner may. */
  public boolean mayActFor(String owner) {
    return admin() || (userId != null && userId.equals(owner));
  }
}
