package devfest.studio.guests;

import devfest.studio.base.Millis;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A user who came in with a pass. Not thread-safe. */
@Entity
@Table(name = "guest")
class Guest {

  private static final SecureRandom RANDOM = new SecureRandom();

  /** 64 bits, so that no two guests share an id. */
  private static final int BYTES = 8;

  @Id
  @Column(name = "user_id")
  private String userId;

  @Column(name = "pass_id")
  private String passId;

  private String name;

  @Column(name = "joined_at")
  private Instant joinedAt;

  protected Guest() {}

  /**
   * @param name the name that others see; null for one that the studio chooses
   */
  Guest(Pass pass, @Nullable String name, Instant now) {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    String digits = HexFormat.of().formatHex(bytes);
    this.userId = "guest-" + digits;
    this.passId = pass.id();
    this.name = name == null ? "Guest " + digits.substring(0, 4) : name;
    this.joinedAt = Millis.of(now);
  }

  String userId() {
    return userId;
  }

  String passId() {
    return passId;
  }

  String name() {
    return name;
  }

  Instant joinedAt() {
    return joinedAt;
  }
}
