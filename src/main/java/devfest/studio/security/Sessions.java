package devfest.studio.security;

import devfest.studio.base.Sha256;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.NotAuthorizedException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;

/**
 * Sessions that a cookie identifies. The cookie contains the token or, if the token is too large
 * for a cookie, a reference to a row with the token, which every node can read. Thread-safe.
 */
@ApplicationScoped
@Transactional
public class Sessions {

  /** In bytes. Browsers drop cookies above 4,096 bytes, including the name and the attributes. */
  private static final int MAX_TOKEN = 4_096 - 256;

  /** Length of a reference: 192 random bits can't be guessed. */
  private static final int BYTES = 24;

  private final SecureRandom random = new SecureRandom();
  private final EntityManager em;
  private final Clock clock;

  @Inject
  Sessions(EntityManager em, Clock clock) {
    this.em = em;
    this.clock = clock;
  }

  /** Begins a session and returns the value of its cookie. */
  String begin(Token token) {
    if (token.getRawToken().length() <= MAX_TOKEN) {
      return token.getRawToken();
    }
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String reference = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    em.persist(new Session(Sha256.hex(reference), token.caller(), token.getRawToken()));
    return reference;
  }

  /**
   * Returns the token of a session without verifying it.
   *
   * @throws NotAuthorizedException if there is no such session
   */
  @Transactional(Transactional.TxType.SUPPORTS) // most cookies need no database
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

  /** Deletes a session; its token stays valid if it is sent in another way. */
  void end(String cookie) {
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

  /** Whether the cookie contains a token: tokens contain dots, references don't. */
  private static boolean isToken(String cookie) {
    return cookie.indexOf('.') >= 0;
  }
}
