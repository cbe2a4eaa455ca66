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
 * Short-lived tickets that each open one stream. They are stored in the database, so that every
 * node accepts the tickets of the others and only one of two concurrent requests can redeem a
 * ticket. Thread-safe.
 */
@ApplicationScoped
@Transactional
public class Tickets {

  /** A ticket and the instant at which it expires. */
  @Schema(name = "Ticket")
  public record Issued(String ticket, Instant expiresAt) {}

  /** Long enough to open a stream; short because proxies may log the URL with the ticket. */
  private static final Duration LIFE = Duration.ofSeconds(30);

  /** Length of a ticket: 192 random bits cannot be guessed. */
  private static final int BYTES = 24;

  private final SecureRandom random = new SecureRandom();
  private final EntityManager em;
  private final Clock clock;
  private final Admission admission;

  @Inject
  Tickets(EntityManager em, Clock clock, Admission admission) {
    this.em = em;
    this.clock = clock;
    this.admission = admission;
  }

  Issued issue(Caller caller) {
    admission.admit(caller);
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String ticket = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Instant expiresAt = clock.instant().plus(LIFE);
    em.persist(new Ticket(Sha256.hex(ticket), caller, expiresAt));
    return new Issued(ticket, expiresAt);
  }

  /**
   * Returns the caller of the ticket and invalidates the ticket.
   *
   * @throws NotAuthorizedException if the ticket is unknown, redeemed or expired
   */
  Caller redeem(String ticket) {
    Caller caller = peek(ticket);
    if (!delete(Sha256.hex(ticket))) {
      throw Tokens.invalid();
    }
    return caller;
  }

  /**
   * Returns the caller of the ticket, which stays valid.
   *
   * @throws NotAuthorizedException if the ticket is unknown, redeemed or expired
   */
  Caller peek(String ticket) {
    Ticket known = em.find(Ticket.class, Sha256.hex(ticket));
    if (known == null || known.isExpired(clock.instant())) {
      throw Tokens.invalid();
    }
    return known.caller();
  }

  /** Returns false if a concurrent request has already deleted the ticket. */
  private boolean delete(String hash) {
    return 1
        == em.createQuery("delete from Ticket t where t.hash = :hash")
            .setParameter("hash", hash)
            .executeUpdate();
  }

  /** Deletes expired tickets that were not redeemed. */
  public void prune() {
    em.createQuery("delete from Ticket t where t.expiresAt < :now")
        .setParameter("now", clock.instant())
        .executeUpdate();
  }
}
