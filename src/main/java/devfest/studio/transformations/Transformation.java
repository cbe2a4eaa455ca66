package devfest.studio.transformations;

import devfest.studio.base.Millis;
import devfest.studio.base.Text;
import devfest.studio.events.Visibility;
import devfest.studio.photos.Photo;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A style applied to a photo, and the job of doing it.
 *
 * <p>It is queued, claimed by a worker ({@code processing}), and ends once: completed, failed or
 * cancelled. A claim is a lease: the worker renews it, and when the worker has died, it runs out
 * and the job may be claimed again. Only the holder of the present claim can move the job on. A
 * failed one can be queued anew by its owner.
 */
@Entity
@Table(name = "transformation")
public class Transformation {

  @Id private String id;

  @Column(name = "photo_id")
  private String photoId;

  @Column(name = "style_id")
  private String styleId;

  @Column(name = "user_id")
  private String userId;

  @Enumerated(EnumType.STRING)
  private Visibility visibility;

  @Enumerated(EnumType.STRING)
  private Status status;

  private double progress;

  @Column(name = "current_step")
  private String currentStep;

  private String error;
  private int attempts;
  private String claim;

  @Column(name = "claimed_till")
  private Instant claimedTill;

  @Column(name = "due_at")
  private Instant dueAt;

  @Column(name = "queued_at")
  private Instant queuedAt;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "started_at")
  private Instant startedAt;

  @Column(name = "completed_at")
  private Instant completedAt;

  @Column(name = "quota_day")
  private Long quotaDay;

  protected Transformation() {}

  /** Queues a new job. */
  Transformation(Photo photo, String styleId, Instant now) {
    this.id = UUID.randomUUID().toString();
    this.photoId = photo.id();
    this.styleId = styleId;
    this.userId = photo.userId();
    this.visibility = photo.visibility();
    this.createdAt = Millis.of(now);
    queue(now);
  }

  private void queue(Instant now) {
    status = Status.QUEUED;
    queuedAt = Millis.of(now);
    dueAt = queuedAt;
    progress = 0;
    currentStep = null;
    claim = null;
    claimedTill = null;
  }

  boolean claimable(Instant now) {
    return switch (status) {
      case QUEUED -> !dueAt.isAfter(now);
      case PROCESSING -> claimedTill.isBefore(now);
      default -> false;
    };
  }

  /**
   * Gives the job to a worker.
   *
   * @return whether it starts for the first time
   */
  boolean claim(String by, Instant now, Duration lease) {
    boolean first = startedAt == null;
    if (first) {
      startedAt = Millis.of(now);
    }
    status = Status.PROCESSING;
    claim = by;
    claimedTill = now.plus(lease);
    attempts++;
    progress = 0;
    return first;
  }

  boolean heldBy(String worker) {
    return status == Status.PROCESSING && worker.equals(claim);
  }

  void progress(double fraction, String step) {
    progress = fraction;
    currentStep = step;
  }

  void complete(Instant now) {
    end(Status.COMPLETED, now);
    progress = 1;
  }

  void fail(String reason, Instant now) {
    end(Status.FAILED, now);
    error = Text.error(reason);
  }

  void cancel(Instant now) {
    end(Status.CANCELLED, now);
  }

  private void end(Status last, Instant now) {
    status = last;
    completedAt = Millis.of(now);
    currentStep = null;
    claim = null;
    claimedTill = null;
  }

  /** Tries again later what went wrong now. */
  void postpone(Instant now, Duration delay) {
    queue(now);
    dueAt = now.plus(delay);
  }

  /** Gives an unfinished job back, as if it had not been claimed. */
  void release(Instant now) {
    Instant place = queuedAt;
    queue(now);
    queuedAt = place;
    attempts--;
  }

  /** Queues a failed one anew. */
  void retry(Instant now) {
    queue(now);
    error = null;
    attempts = 0;
    startedAt = null;
    completedAt = null;
  }

  /** Notes the day whose quota it has used. */
  void use(long day) {
    quotaDay = day;
  }

  /** The day whose quota it gives back, which it does once. */
  Optional<Long> giveBack() {
    Optional<Long> used = Optional.ofNullable(quotaDay);
    quotaDay = null;
    return used;
  }

  public String id() {
    return id;
  }

  public String photoId() {
    return photoId;
  }

  public String styleId() {
    return styleId;
  }

  public String userId() {
    return userId;
  }

  public Visibility visibility() {
    return visibility;
  }

  public Status status() {
    return status;
  }

  /** 0 to 1. */
  double progress() {
    return progress;
  }

  String currentStep() {
    return currentStep;
  }

  public String error() {
    return error;
  }

  int attempts() {
    return attempts;
  }

  public Instant queuedAt() {
    return queuedAt;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public Instant startedAt() {
    return startedAt;
  }

  public Instant completedAt() {
    return completedAt;
  }
}
