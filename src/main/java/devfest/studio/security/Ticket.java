package devfest.studio.security;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An issued ticket that has not been redeemed. Only the hash of the ticket is stored. */
@Entity
@Table(name = "ticket")
class Ticket {

  @Id private String hash;

  @Column(name = "user_id")
  private String userId;

  private boolean admin;
  private boolean publisher;

  @Column(name = "token_until")
  private Instant tokenUntil;

  @Column(name = "expires_at")
  private Instant expiresAt;

  @Column(name = "issued_at")
  private @Nullable Instant issuedAt;

  private @Nullable String session;

  protected Ticket() {}

  Ticket(String hash, Caller caller, Instant expiresAt) {
    this.hash = hash;
    this.userId = caller.user();
    this.admin = caller.groups().contains(Roles.ADMIN);
    this.publisher = caller.groups().contains(Roles.PUBLISHER);
    this.tokenUntil = caller.expiry();
    this.issuedAt = caller.issued();
    this.session = caller.session();
    this.expiresAt = expiresAt;
  }

  boolean isExpired(Instant now) {
    return !now.isBefore(expiresAt) || !now.isBefore(tokenUntil);
  }

  /** Returns the caller that the ticket was issued to, with the groups in {@link Roles} only. */
  Caller caller() {
    Set<String> groups =
        admin
            ? publisher ? Set.of(Roles.ADMIN, Roles.PUBLISHER) : Set.of(Roles.ADMIN)
            : publisher ? Set.of(Roles.PUBLISHER) : Set.of();
    return new Caller(userId, null, groups, tokenUntil, issuedAt, session);
  }
}
