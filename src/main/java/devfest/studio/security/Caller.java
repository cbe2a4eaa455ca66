package devfest.studio.security;

import devfest.studio.base.Text;
import jakarta.ws.rs.NotAuthorizedException;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The user who makes a request.
 *
 * @param userId null for an anonymous caller
 * @param name the name that the token gives the user; null if it gives none
 * @param groups the groups of the token
 * @param until when the token expires; null for never
 * @param issued when the token was issued; null if the token does not contain it
 * @param session identifies the session cookie of the request; null if the request has its own
 *     token
 */
public record Caller(
    @Nullable String userId,
    @Nullable String name,
    Set<String> groups,
    @Nullable Instant until,
    @Nullable Instant issued,
    @Nullable String session) {

  /** The length of the database columns for user ids, in characters. */
  private static final int MAX_USER_ID = 255;

  /** Nobody in particular, without any rights of its own. */
  public static final Caller ANONYMOUS = new Caller(null, null, Set.of(), null, null, null);

  /**
   * Whether the text can be a user id: the database can store it, and nothing in it is invisible.
   */
  public static boolean isUserId(String text) {
    return !text.isEmpty() && text.length() <= MAX_USER_ID && Text.isName(text);
  }

  Caller in(String newSession) {
    return new Caller(userId, name, groups, until, issued, newSession);
  }

  /**
   * Returns the caller without its identity and groups, thus with the rights of an anonymous one.
   */
  public Caller asAnybody() {
    return new Caller(null, null, Set.of(), until, issued, session);
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

  /** When the token of this caller expires, which every verified token does. */
  Instant expiry() {
    return Objects.requireNonNull(until, "A token has an end");
  }

  public boolean anonymous() {
    return userId == null;
  }

  public boolean admin() {
    return groups.contains(Roles.ADMIN);
  }

  /** Whether the caller has joined with a pass, without an account. */
  public boolean isGuest() {
    return groups.contains(Roles.GUEST);
  }

  /** Whether the caller has the rights of the owner: it is the owner or an admin. */
  public boolean mayActFor(@Nullable String owner) {
    return admin() || (userId != null && userId.equals(owner));
  }
}
