package devfest.studio.feeds.posts;

import devfest.studio.base.Millis;
import devfest.studio.base.Text;
import devfest.studio.jobs.Job;
import devfest.studio.jobs.Lease;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A post, which is also a durable job. Its status goes from draft through ready and scheduled to
 * published or failed. Each step except publication can be reversed. A published post cannot
 * change. Not thread-safe.
 */
@Entity
@Table(name = "post")
class Post implements Job {

  /** In characters; the width of the column. */
  static final int MAX_TITLE = 200;

  /** In characters; the width of the column. */
  static final int MAX_BODY = 4_000;

  enum Status {
    DRAFT,
    READY,
    SCHEDULED,
    PUBLISHED,
    FAILED;

    /** The statuses to which users can change a post with this status. */
    Set<Status> allowed() {
      return switch (this) {
        case DRAFT -> EnumSet.of(READY);
        case READY -> EnumSet.of(DRAFT, SCHEDULED);
        case SCHEDULED -> EnumSet.of(DRAFT, READY);
        case FAILED -> EnumSet.of(DRAFT, READY, SCHEDULED);
        case PUBLISHED -> EnumSet.noneOf(Status.class);
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The public view of a post. */
  @Schema(name = "Post")
  public record View(
      String postId,
      String status,
      String title,
      String body,
      @Schema(nullable = true) @Nullable String deliveryId,
      @Schema(nullable = true) @Nullable Instant scheduledAt,
      @Schema(nullable = true) @Nullable Instant publishedAt,
      @Schema(nullable = true) @Nullable String error,
      Instant createdAt,
      Instant updatedAt) {}

  @Id private String id;

  @Column(name = "user_id")
  private @Nullable String userId;

  @Enumerated(EnumType.STRING)
  private Status status;

  private String title;
  private String body;

  @Column(name = "delivery_id")
  private @Nullable String deliveryId;

  @Column(name = "scheduled_at")
  private @Nullable Instant scheduledAt;

  @Column(name = "published_at")
  private @Nullable Instant publishedAt;

  private @Nullable String error;

  @Embedded private Lease lease;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "updated_at")
  private Instant updatedAt;

  protected Post() {}

  /**
   * Creates a draft.
   *
   * @param userId the owner; null for a post of the organisers
   * @param deliveryId the GitHub delivery from which it was created; null if a user wrote it
   */
  Post(
      @Nullable String userId,
      String title,
      String body,
      @Nullable String deliveryId,
      Instant now) {
    this.id = UUID.randomUUID().toString();
    this.userId = userId;
    this.title = title;
    this.body = body;
    this.deliveryId = deliveryId;
    this.status = Status.DRAFT;
    this.lease = Lease.traced(null);
    this.createdAt = Millis.of(now);
    this.updatedAt = createdAt;
  }

  /**
   * Changes the title and the body.
   *
   * @throws PostClaimed if the post is being published
   * @throws PostPublished if the post is published
   */
  void edit(String newTitle, String newBody, Instant now) {
    if (isClaimed(now)) {
      throw new PostClaimed("The post is being published and cannot be changed now.");
    }
    if (status == Status.PUBLISHED) {
      throw new PostPublished();
    }
    title = newTitle;
    body = newBody;
    lease.end(); // a worker with an expired claim must not publish the old text
    touch(now);
  }

  /**
   * Changes the status.
   *
   * @param to the new status
   * @param at the time of publication, for {@link Status#SCHEDULED}
   * @throws IllegalMove if this change is not allowed
   */
  void move(Status to, @Nullable Instant at, Instant now) {
    boolean reschedules = to == Status.SCHEDULED && status == Status.SCHEDULED;
    if (isClaimed(now) || !(reschedules || status.allowed().contains(to))) {
      throw new IllegalMove(status, to, allowedNames(now));
    }
    status = to;
    error = null;
    scheduledAt = to == Status.SCHEDULED ? Millis.of(Objects.requireNonNull(at, "at")) : null;
    lease.schedule(scheduledAt);
    touch(now);
  }

  private String allowedNames(Instant now) {
    Set<Status> allowed =
        isClaimed(now) ? EnumSet.of(Status.PUBLISHED, Status.FAILED) : status.allowed();
    return allowed.isEmpty() ? "no other status" : allowed.toString();
  }

  /** Whether a worker is publishing the post. */
  boolean isClaimed(Instant now) {
    return lease.isClaimed(now);
  }

  void publish(Instant now) {
    status = Status.PUBLISHED;
    publishedAt = Millis.of(now);
    lease.end();
    touch(now);
  }

  void fail(String reason, Instant now) {
    status = Status.FAILED;
    error = Text.error(reason);
    lease.end();
    touch(now);
  }

  private void touch(Instant now) {
    updatedAt = Millis.of(now);
  }

  View view() {
    return new View(
        id,
        status.toString(),
        title,
        body,
        deliveryId,
        scheduledAt,
        publishedAt,
        error,
        createdAt,
        updatedAt);
  }

  @Override
  public String id() {
    return id;
  }

  /** The owner; null for a post of the organisers. */
  @Nullable String userId() {
    return userId;
  }

  Status status() {
    return status;
  }

  String title() {
    return title;
  }

  String body() {
    return body;
  }

  @Override
  public Lease lease() {
    return lease;
  }

  @Override
  public boolean isOpen() {
    return status == Status.SCHEDULED;
  }

  Instant createdAt() {
    return createdAt;
  }
}
