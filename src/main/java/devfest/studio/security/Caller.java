package devfest.studio.security;

import jakarta.ws.rs.NotAuthorizedException;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The user who makes a request.
 *
 * @param userId null for an anonymous caller
 * @param groups the groups of the token
 * @param until when the token expires; null for never
 * @param session identifies the session cookie of the request; null if the request has its own
 *     token
 */
public record Caller(
    @Nullable String userId,
    Set<String> groups,
    @Nullable Instant until,
    @Nullable String session) {

  /** The length of the database columns for user ids, in characters. */
  private static final int MAX_USER_ID = 255;

  static final Caller ANONYMOUS = new Caller(null, Set.of(), null, null);

  /** Whether the text can be a user id, that is, whether the database can store it. */
  public static boolean isUserId(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_USER_ID
        && text.chars().noneMatch(Character::isISOControl);
  }

  Caller in(String newSession) {
    return new Caller(userId, groups, until, newSession);
  }

  /**
   * Returns the caller without its identity and groups, thus with the rights of an anonymous one.
   */
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

  /** Whether the caller has the rights of the owner: it is the owner or an admin. */
  public boolean mayActFor(@Nullable String owner) {
    return admin() || (userId != null && userId.equals(owner));
  }
}
