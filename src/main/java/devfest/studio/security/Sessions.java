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
 * What sessions' cookies hold: the token, or, when that is too large for a cookie, a reference to
 * it. The token itself is then a row, so that every node finds it.
 */
@ApplicationScoped
@Transactional
public class Sessions {

  /** Browsers drop a cookie above 4,096 bytes; its name and attributes have to fit too. */
  private static final int MAX_TOKEN = 4_096 - 256;

  /** 192 random bits, which nobody guesses. */
  private static final int BYTES = 24;

  private final SecureRandom random = new SecureRandom();
  private final EntityManager em;
  private final Clock clock;

  @Inject
  Sessions(EntityManager em, Clock clock) {
    this.em = em;
    this.clock = clock;
  }

  /** The value of the cookie of a new session. */
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
   * The token, not verified, of a session.
   *
   * @throws NotAuthorizedException when there is no such session
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

  /** Forgets a session; its token stays valid by other ways. */
  void end(String cookie) {
    if (!isToken(cookie)) {
      em.createQuery("delete from Session s where s.hash = :hash")
          .setParameter("hash", Sha256.hex(cookie))
          .executeUpdate();
    }
  }

  /** Forgets those whose token has expired. */
  public void prune() {
    em.createQuery("delete from Session s where s.expiresAt < :now")
        .setParameter("now", clock.instant())
        .executeUpdate();
  }

  /** A token has dots, a reference has none. */
  private static boolean isToken(String cookie) {
    return cookie.indexOf('.') >= 0;
  }
}
