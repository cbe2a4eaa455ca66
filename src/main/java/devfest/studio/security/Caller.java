package devfest.studio.security;

import java.time.Instant;
import java.util.Set;

/**
 * Who makes a request.
 *
 * @param userId null when anonymous
 * @param groups of the token
 * @param until when the token expires; null for never
 */
public record Caller(String userId, Set<String> groups, Instant until) {

  static final Caller ANONYMOUS = new Caller(null, Set.of(), null);

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
