package devfest.studio.transformations;

import devfest.studio.base.Millis;
import devfest.studio.base.Text;
import devfest.studio.events.Visibility;
import devfest.studio.jobs.Job;
import devfest.studio.jobs.Lease;
import devfest.studio.photos.Photo;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The application of a style to a photo, which is also a durable job. Not thread-safe.
 *
 * <p>A transformation is queued, then claimed by a worker ({@code processing}), and ends as
 * completed, failed or cancelled. Its owner can queue a failed transformation again.
 */
@Entity
@Table(name = "transformation")
public class Transformation implements Job {

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

  @Enumerated(EnumType.STRING)
  private Display display;

  /** What it was before it was hidden. */
  @Enumerated(EnumType.STRING)
  @Column(name = "hidden_from")
  private @Nullable Display hiddenFrom;

  private double progress;

  @Column(name = "current_step")
  private @Nullable String currentStep;

  private @Nullable String error;

  @Embedded private Lease lease;

  @Column(name = "queued_at")
  private Instant queuedAt;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "started_at")
  private @Nullable Instant startedAt;

  @Column(name = "completed_at")
  private @Nullable Instant completedAt;

  @Column(name = "quota_day")
  private @Nullable Long quotaDay;

  protected Transformation() {}

  /**
   * Creates a queued transformation.
   *
   * @param display whether others see it, if it is public
   */
  Transformation(Photo photo, String styleId, Display display, Instant now) {
    this.id = UUID.randomUUID().toString();
    this.photoId = photo.id();
    this.styleId = styleId;
    this.userId = photo.userId();
    this.visibility = photo.visibility();
    this.createdAt = Millis.of(now);
    this.lease = Lease.traced(createdAt);
    this.queuedAt = createdAt;
    this.status = Status.QUEUED;
    this.display = display;
  }

  /** The blob key of the result. */
  public static String resultKey(String id) {
    return "transformations/" + id + ".jpg";
  }

  /** The blob key of a smaller copy of the result, for walls of many images. */
  static String thumbnailKey(String id) {
    return "transformations/thumbnails/" + id + ".jpg";
  }

  /** The blob key of the smallest copy, for tiles. */
  static String smallKey(String id) {
    return "transformations/small/" + id + ".jpg";
  }

  /** The blob key of the medium copy, which exists only for a result larger than that. */
  static String mediumKey(String id) {
    return "transformations/medium/" + id + ".jpg";
  }

  /** The keys of all blobs that the result may have. */
  List<String> resultKeys() {
    return List.of(resultKey(id), thumbnailKey(id), smallKey(id), mediumKey(id));
  }

  /**
   * Records that a worker has claimed the transformation.
   *
   * @return whether this is its first start
   */
  boolean start(Instant now) {
    boolean first = startedAt == null;
    if (first) {
      startedAt = Millis.of(now);
    }
    status = Status.PROCESSING;
    progress = 0;
    return first;
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
    lease.end();
  }

  /** Queues the transformation again after an attempt; the lease determines its place. */
  void requeue() {
    status = Status.QUEUED;
    progress = 0;
    currentStep = null;
  }

  /** Queues a failed transformation again, at the end of the queue. */
  void retry(Instant now) {
    requeue();
    queuedAt = Millis.of(now);
    lease.schedule(queuedAt);
    error = null;
    startedAt = null;
    completedAt = null;
  }

  /** Records the day on whose quota this transformation counts, in days since 1970-01-01. */
  void chargeTo(long day) {
    quotaDay = day;
  }

  /** Returns the day to refund and forgets it, so a transformation is refunded only once. */
  Optional<Long> takeQuotaDay() {
    Optional<Long> used = Optional.ofNullable(quotaDay);
    quotaDay = null;
    return used;
  }

  @Override
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

  Display display() {
    return display;
  }

  void display(Display next) {
    hiddenFrom = next == Display.HIDDEN ? display : null;
    display = next;
  }

  /** Whether it waits for approval, or did so before it was hidden. */
  boolean isUnapproved() {
    return display == Display.WAITING || hiddenFrom == Display.WAITING;
  }

  /** Whether everybody who may read public data sees it. */
  boolean isShownToAll() {
    return visibility == Visibility.PUBLIC && display == Display.SHOWN;
  }

  /** Who sees it and its events besides its owner. */
  Visibility shownTo() {
    return display == Display.SHOWN ? visibility : Visibility.PRIVATE;
  }

  public Status status() {
    return status;
  }

  /** From 0 to 1. */
  double progress() {
    return progress;
  }

  @Nullable String currentStep() {
    return currentStep;
  }

  public @Nullable String error() {
    return error;
  }

  @Override
  public Lease lease() {
    return lease;
  }

  @Override
  public boolean isOpen() {
    return !status.isFinal();
  }

  public Instant queuedAt() {
    return queuedAt;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public @Nullable Instant startedAt() {
    return startedAt;
  }

  public @Nullable Instant completedAt() {
    return completedAt;
  }
}
