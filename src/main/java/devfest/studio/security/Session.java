package devfest.studio.security;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A session whose token is stored in the database because it is too large for a cookie. */
@Entity
@Table(name = "kept_session")
class Session {

  /** SHA-256 of the reference in the cookie. */
  @Id private String hash;

  @Column(name = "user_id")
  private String userId;

  private String token;

  @Column(name = "expires_at")
  private Instant expiresAt;

  protected Session() {}

  Session(String hash, Caller caller, String token) {
    this.hash = hash;
    this.userId = caller.user();
    this.token = token;
    this.expiresAt = caller.expiry();
  }

  String token() {
    return token;
  }
}
