package devfest.studio.security;

import devfest.studio.base.Sha256;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.NotAuthorizedException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Tickets that each open one stream, soon. They are kept in the database, so that any node takes
 * what another gave, and so that of two who come with the same the row lets in one.
 */
@ApplicationScoped
@Transactional
public class Tickets {

  /** A ticket with the instant from which it is refused. */
  @Schema(name = "Ticket")
  public record Issued(String ticket, Instant expiresAt) {}

  /** Long enough to open a stream, short enough for a URL that a log may hold. */
  private static final Duration LIFE = Duration.ofSeconds(30);

  /** 192 random bits, which nobody guesses. */
  private static final int BYTES = 24;

  private final SecureRandom random = new SecureRandom();
  private final EntityManager em;
  private final Clock clock;

  @Inject
  Tickets(EntityManager em, Clock clock) {
    this.em = em;
    this.clock = clock;
  }

  Issued issue(Caller caller) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Instant expiresAt = clock.instant().plus(LIFE);
    em.persist(new Ticket(Sha256.hex(ticket), caller, expiresAt));
    return new Issued(ticket, expiresAt);
  }

  /**
   * Takes the ticket; it is worth nothing afterwards.
   *
   * @throws NotAuthorizedException when it was never given, is used, or has expired
   */
  Caller redeem(String ticket) {
    Caller caller = look(ticket);
    if (!taken(Sha256.hex(ticket))) {
      throw Tokens.invalid();
    }
    return caller;
  }

  /**
   * Whose ticket it is, and leaves it valid.
   *
   * @throws NotAuthorizedException when it was never given, is used, or has expired
   */
  Caller look(String ticket) {
    Ticket known = em.find(Ticket.class, Sha256.hex(ticket));
    if (known == null || known.isExpired(clock.instant())) {
      throw Tokens.invalid();
    }
    return known.caller();
  }

  /** Whether it was us who deleted it. */
  private boolean taken(String hash) {
    return 1
        == em.createQuery("delete from Ticket t where t.hash = :hash")
            .setParameter("hash", hash)
            .executeUpdate();
  }

  /** Forgets those that nobody came with. */
  public void prune() {
    em.createQuery("delete from Ticket t where t.expiresAt < :now")
        .setParameter("now", clock.instant())
        .executeUpdate();
  }
}
