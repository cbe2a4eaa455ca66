package devfest.studio.security;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The revocations of users in this node's memory, so that a request needs no query. About 200 bytes
 * each. Safe for use from many threads.
 */
@ApplicationScoped
public class RevokedUsers {

  private final Map<String, UserRevoked> bySubject = new ConcurrentHashMap<>();

  /**
   * Whether a permission is revoked.
   *
   * @param userId null for an anonymous caller, who has no token
   * @param issued when the token was issued; null if unknown
   */
  public boolean covers(@Nullable String userId, @Nullable Instant issued) {
    if (userId == null || bySubject.isEmpty()) {
      return false;
    }
    UserRevoked revoked = bySubject.get(UserRevoked.subject(userId));
    return revoked != null && revoked.covers(issued);
  }

  /** Returns the first millisecond from an instant on in which a token of the user is accepted. */
  Instant acceptedFrom(String userId, Instant instant) {
    UserRevoked revoked = bySubject.get(UserRevoked.subject(userId));
    return revoked != null && revoked.covers(instant) ? revoked.at().plusMillis(1) : instant;
  }

  /**
   * Adds a revocation. An older one of the same user does not replace a newer one.
   *
   * @return false if it was known, or a newer one is
   */
  public boolean add(UserRevoked revoked) {
    boolean[] added = {false};
    bySubject.compute(
        revoked.subject(),
        (subject, known) -> {
          added[0] = known == null || known.at().isBefore(revoked.at());
          return added[0] ? revoked : known;
        });
    return added[0];
  }

  /** Removes the revocations that are not needed any longer. */
  public void removeExpired(Instant now) {
    bySubject.values().removeIf(revoked -> revoked.until().isBefore(now));
  }
}
