package devfest.studio.security;

import devfest.studio.base.Sha256;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.NotAuthorizedException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * Sessions that a cookie identifies. The cookie contains the token or, if the token is too large
 * for a cookie, a reference to a row with the token, which every node can read. Thread-safe.
 */
@ApplicationScoped
@Transactional
public class Sessions {

  /** In bytes. Browsers drop cookies above 4,096 bytes, including the name and the attributes. */
  private static final int MAX_TOKEN = 4_096 - 256;

  /** Length of a reference: 192 random bits cannot be guessed. */
  private static final int BYTES = 24;

  private final SecureRandom random = new SecureRandom();
  private final EntityManager em;
  private final Clock clock;
  private final Revocations revocations;
  private final Admission admission;

  /** A session whose token the studio keeps. */
  public record Kept(Instant expiresAt) {}

  @Inject
  Sessions(EntityManager em, Clock clock, Revocations revocations, Admission admission) {
    this.em = em;
    this.clock = clock;
    this.revocations = revocations;
    this.admission = admission;
  }

  /**
   * Identifies the session of a cookie. Ignores the signature of a token, because several texts
   * encode the same signature.
   */
  static String id(String cookie) {
    return Sha256.hex(isToken(cookie) ? cookie.substring(0, cookie.lastIndexOf('.')) : cookie);
  }

  /**
   * Begins a session and returns the value of its cookie. If an earlier session with the same token
   * has ended, the cookie contains a reference, because the cookie of the ended session stays
   * invalid.
   */
  String begin(Token token) {
    String raw = token.getRawToken();
    if (raw.length() <= MAX_TOKEN && isOpen(id(raw))) {
      return raw;
    }
    admission.admit(token.caller());
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String reference = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    em.persist(new Session(Sha256.hex(reference), token.caller(), raw));
    return reference;
  }

  /**
   * Returns the token of a session without verifying it.
   *
   * @throws NotAuthorizedException if there is no such session
   */
  String token(String cookie) {
    if (isToken(cookie)) {
      return cookie;
    }
    Session session = em.find(Session.class, Sha256.hex(cookie));
    if (session == null) {
      throw Tokens.invalid();
    }
    return session.token();
  }

  /** Returns the sessions of the user whose token the studio keeps. */
  List<Kept> kept(String user) {
    return em.createQuery(
            "select s.expiresAt from Session s where s.userId = :user order by s.expiresAt",
            Instant.class)
        .setParameter("user", user)
        .getResultStream()
        .map(Kept::new)
        .toList();
  }

  /** Whether the session has not ended, on any node. */
  boolean isOpen(String id) {
    return !revocations.isRevoked(Revocations.Kind.SESSION, id);
  }

  /**
   * Ends a session on all nodes; its token stays valid if it is sent in another way.
   *
   * @param token the valid token of the session
   */
  void end(String cookie, Token token) {
    revocations.revoke(Revocations.Kind.SESSION, id(cookie), token.caller().expiry());
    if (!isToken(cookie)) {
      em.createQuery("delete from Session s where s.hash = :hash")
          .setParameter("hash", Sha256.hex(cookie))
          .executeUpdate();
    }
  }

  /** Deletes the sessions whose token has expired. */
  public void prune() {
    em.createQuery("delete from Session s where s.expiresAt < :now")
        .setParameter("now", clock.instant())
        .executeUpdate();
  }

  /** Whether the cookie contains a token: tokens contain dots, references do not. */
  private static boolean isToken(String cookie) {
    return cookie.indexOf('.') >= 0;
  }
}
