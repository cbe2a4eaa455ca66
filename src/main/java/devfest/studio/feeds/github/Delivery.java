package devfest.studio.feeds.github;

import devfest.studio.base.Millis;
import devfest.studio.base.Text;
import devfest.studio.jobs.Job;
import devfest.studio.jobs.Lease;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A GitHub delivery to a hook, which is also a durable job. After its reception it is processed
 * once and ends as processed (an observer used it), ignored (no observer used it) or failed. A
 * failed delivery that GitHub sends again is processed again. Not thread-safe.
 */
@Entity
@Table(name = "github_delivery")
class Delivery implements Job {

  /** The id that stands for the organisers' hook. */
  static final String SHARED = "shared";

  /** Width of the column; GitHub's own limit is shorter. */
  private static final int MAX_REPO = 255;

  enum Status {
    RECEIVED,
    PROCESSED,
    IGNORED,
    FAILED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The public view of a delivery in a stream. */
  @Schema(name = "DeliverySummary")
  public record View(
      @JsonbProperty("delivery_id") String deliveryId,
      String event,
      @JsonbProperty(value = "repo_full_name", nillable = true) @Schema(nullable = true)
          @Nullable String repoFullName,
      String status,
      @JsonbProperty("received_at") Instant receivedAt) {}

  /** The public view of a delivery in a list, with the reason of a failure. */
  @Schema(name = "Delivery")
  public record Item(
      @JsonbProperty("delivery_id") String deliveryId,
      String event,
      @JsonbProperty(value = "repo_full_name", nillable = true) @Schema(nullable = true)
          @Nullable String repoFullName,
      String status,
      @JsonbProperty("received_at") Instant receivedAt,
      @Schema(nullable = true) @Nullable String error) {}

  @Id private String id;
  private String hook;

  @Column(name = "delivery_id")
  private String deliveryId;

  @Column(name = "user_id")
  private @Nullable String userId;

  private String event;

  @Column(name = "repo_full_name")
  private @Nullable String repoFullName;

  private String facts;

  @Enumerated(EnumType.STRING)
  private Status status;

  private @Nullable String error;

  @Column(name = "received_at")
  private Instant receivedAt;

  @Embedded private Lease lease;

  private long position;

  protected Delivery() {}

  /**
   * Creates a received delivery.
   *
   * @param userId owner of the hook; null for the organisers' hook
   * @param facts the extracted members of the payload, as JSON
   */
  Delivery(
      String hook,
      @Nullable String userId,
      String deliveryId,
      String event,
      @Nullable String repoFullName,
      String facts,
      Instant now) {
    this.id = UUID.randomUUID().toString();
    this.hook = hook;
    this.userId = userId;
    this.deliveryId = deliveryId;
    this.event = event;
    this.repoFullName = repoFullName == null ? null : Text.clip(repoFullName, MAX_REPO);
    this.facts = facts;
    this.receivedAt = Millis.of(now);
    this.status = Status.RECEIVED;
    this.lease = Lease.traced(receivedAt);
  }

  /** Sets the position of its {@code github.received} event in the log. */
  void setPosition(long newPosition) {
    position = newPosition;
  }

  void end(boolean used) {
    status = used ? Status.PROCESSED : Status.IGNORED;
    lease.end();
  }

  void fail(String reason) {
    status = Status.FAILED;
    lease.end();
    error = Text.error(reason);
  }

  void receiveAgain(Instant now) {
    status = Status.RECEIVED;
    lease.schedule(now);
    error = null;
  }

  View view() {
    return new View(deliveryId, event, repoFullName, status.toString(), receivedAt);
  }

  Item item() {
    return new Item(deliveryId, event, repoFullName, status.toString(), receivedAt, error);
  }

  @Override
  public Lease lease() {
    return lease;
  }

  @Override
  public boolean isOpen() {
    return status == Status.RECEIVED;
  }

  @Override
  public String id() {
    return id;
  }

  String hook() {
    return hook;
  }

  String deliveryId() {
    return deliveryId;
  }

  /** The owner of the hook; null for the organisers' hook. */
  @Nullable String userId() {
    return userId;
  }

  String event() {
    return event;
  }

  String facts() {
    return facts;
  }

  Status status() {
    return status;
  }

  Instant receivedAt() {
    return receivedAt;
  }

  long position() {
    return position;
  }
}
