package devfest.studio.guests;

import devfest.studio.base.Millis;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lets people in until it expires or is used up. Not thread-safe. */
@Entity
@Table(name = "pass")
class Pass {

  private static final SecureRandom RANDOM = new SecureRandom();

  /** 128 random bits: nobody guesses them, and the QR code stays coarse. */
  private static final int BYTES = 16;

  private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9_-]{22}");

  @Id private String id;
  private String secret;
  private @Nullable String name;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "expires_at")
  private Instant expiresAt;

  @Column(name = "max_uses")
  private @Nullable Integer maxUses;

  private int uses;

  protected Pass() {}

  /**
   * @param name for the organiser's list; null for none
   * @param maxUses null for no limit
   */
  Pass(@Nullable String name, Instant expiresAt, @Nullable Integer maxUses, Instant now) {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    this.id = UUID.randomUUID().toString();
    this.secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    this.name = name;
    this.createdAt = Millis.of(now);
    this.expiresAt = Millis.of(expiresAt);
    this.maxUses = maxUses;
  }

  /**
   * Whether the text has the form of a secret. Other texts are not looked up, because databases
   * reject some characters.
   */
  static boolean isSecret(String text) {
    return SECRET.matcher(text).matches();
  }

  boolean isAlive(Instant now) {
    return now.isBefore(expiresAt);
  }

  boolean isUsedUp() {
    return maxUses != null && uses >= maxUses;
  }

  void use() {
    uses++;
  }

  String id() {
    return id;
  }

  String secret() {
    return secret;
  }

  @Nullable String name() {
    return name;
  }

  Instant createdAt() {
    return createdAt;
  }

  Instant expiresAt() {
    return expiresAt;
  }

  @Nullable Integer maxUses() {
    return maxUses;
  }

  int uses() {
    return uses;
  }
}
