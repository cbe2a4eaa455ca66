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
 * A post. It is a draft, then ready, then scheduled, and at its time published, or failed with the
 * reason; each step but the last can be taken back. What is published is not changed any more.
 */
@Entity
@Table(name = "post")
class Post implements Job {

  static final int MAX_TITLE = 200;
  static final int MAX_BODY = 4_000;

  enum Status {
    DRAFT,
    READY,
    SCHEDULED,
    PUBLISHED,
    FAILED;

    /** Where one may go from here. */
    Set<Status> moves() {
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

  /** A post as clients see it. */
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
   * A new draft.
   *
   * @param userId null for the organisers'
   * @param deliveryId what it was made of; null when a person wrote it
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
    this.lease = new Lease(null);
    this.createdAt = Millis.of(now);
    this.updatedAt = createdAt;
  }

  /**
   * @throws PostClaimed while it is being published
   * @throws PostPublished once it is published
   */
  void edit(String newTitle, String newBody, Instant now) {
    if (isClaimed(now)) {
      throw new PostClaimed("It is being published, and can't be changed now");
    }
    if (status == Status.PUBLISHED) {
      throw new PostPublished();
    }
    title = newTitle;
    body = newBody;
    lease.end(); // a worker that held it has lost it
    touch(now);
  }

  /**
   * @param at when it is to be published, for {@link Status#SCHEDULED}
   * @throws IllegalMove when the move is not legal
   */
  void move(Status to, @Nullable Instant at, Instant now) {
    boolean reschedules = to == Status.SCHEDULED && status == Status.SCHEDULED;
    if (isClaimed(now) || !(reschedules || status.moves().contains(to))) {
      throw new IllegalMove(status, to, legal(now));
    }
    status = to;
    error = null;
    scheduledAt = to == Status.SCHEDULED ? Millis.of(Objects.requireNonNull(at, "at")) : null;
    lease.schedule(scheduledAt);
    touch(now);
  }

  private String legal(Instant now) {
    Set<Status> moves =
        isClaimed(now) ? EnumSet.of(Status.PUBLISHED, Status.FAILED) : status.moves();
    return moves.isEmpty() ? "nothing else any more" : moves.toString();
  }

  /** Whether it is being published. */
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

  /** Null when it belongs to the organisers. */
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
