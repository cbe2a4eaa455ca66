package devfest.studio.feeds.github;

import devfest.studio.base.Millis;
import devfest.studio.security.DerivedSecrets;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A webhook that belongs to a user. Its id is part of its URL and cannot be guessed. Not
 * thread-safe.
 */
@Entity
@Table(name = "github_hook")
class Hook {

  private static final SecureRandom RANDOM = new SecureRandom();

  /** 256 random bits, encoded as 43 characters. */
  private static final int BYTES = 32;

  /** Begins a seed, which no secret of an earlier version does. */
  private static final String DERIVED = "~";

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{43}");

  @Id private String id;

  @Column(name = "user_id")
  private String userId;

  private @Nullable String name;

  /** What the secret is derived from; earlier versions stored the secret itself. */
  @Column(name = "secret")
  private String seed;

  @Column(name = "created_at")
  private Instant createdAt;

  protected Hook() {}

  Hook(String userId, @Nullable String name, Instant now) {
    this.id = random();
    this.userId = userId;
    this.name = name;
    this.createdAt = Millis.of(now);
    rotate();
  }

  /** Replaces the secret; signatures with the old secret become invalid. */
  final void rotate() {
    seed = DERIVED + random();
  }

  private static String random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * Whether the text has the form of an id. Other texts are not looked up, because databases reject
   * some characters.
   */
  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  String id() {
    return id;
  }

  String userId() {
    return userId;
  }

  @Nullable String name() {
    return name;
  }

  /** The text with which GitHub signs deliveries. */
  String secret(DerivedSecrets secrets) {
    return seed.startsWith(DERIVED)
        ? Base64.getUrlEncoder().withoutPadding().encodeToString(secrets.of(id, seed))
        : seed;
  }

  Instant createdAt() {
    return createdAt;
  }
}
