package devfest.studio.security;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A ticket that has been handed out and not used; of the ticket itself only the hash is kept. */
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

  private @Nullable String session;

  protected Ticket() {}

  Ticket(String hash, Caller caller, Instant expiresAt) {
    this.hash = hash;
    this.userId = caller.user();
    this.admin = caller.groups().contains(Roles.ADMIN);
    this.publisher = caller.groups().contains(Roles.PUBLISHER);
    this.tokenUntil = Objects.requireNonNull(caller.until(), "A token has an end");
    this.session = caller.session();
    this.expiresAt = expiresAt;
  }

  boolean isExpired(Instant now) {
    return !now.isBefore(expiresAt) || !now.isBefore(tokenUntil);
  }

  /** The caller that it was given to; of the groups those that mean something here. */
  Caller caller() {
    Set<String> groups =
        admin
            ? publisher ? Set.of(Roles.ADMIN, Roles.PUBLISHER) : Set.of(Roles.ADMIN)
            : publisher ? Set.of(Roles.PUBLISHER) : Set.of();
    return new Caller(userId, groups, tokenUntil, session);
  }
}
