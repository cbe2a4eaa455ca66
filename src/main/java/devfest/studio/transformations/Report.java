package devfest.studio.transformations;

import devfest.studio.base.Millis;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** That a user finds a picture unfit. Not thread-safe. */
@Entity
@Table(name = "picture_report")
class Report {

  /** A user reports a picture once. */
  @Embeddable
  static class Key implements Serializable {

    private static final long serialVersionUID = 1;

    @Column(name = "transformation_id")
    private String transformationId;

    @Column(name = "user_id")
    private String userId;

    protected Key() {}

    Key(String transformationId, String userId) {
      this.transformationId = transformationId;
      this.userId = userId;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && key.transformationId.equals(transformationId)
          && key.userId.equals(userId);
    }

    @Override
    public int hashCode() {
      return Objects.hash(transformationId, userId);
    }
  }

  @EmbeddedId private Key key;
  private @Nullable String reason;

  @Column(name = "reported_at")
  private Instant reportedAt;

  @Column(name = "settled_at")
  private @Nullable Instant settledAt;

  protected Report() {}

  Report(Key key, @Nullable String reason, Instant now) {
    this.key = key;
    this.reason = reason;
    this.reportedAt = Millis.of(now);
  }

  String transformationId() {
    return key.transformationId;
  }

  /** Empty if the user gave none. */
  String reason() {
    return reason == null ? "" : reason;
  }

  Instant reportedAt() {
    return reportedAt;
  }

  /** When an organiser has decided about the picture since; null if that has not happened. */
  @Nullable Instant settledAt() {
    return settledAt;
  }
}
