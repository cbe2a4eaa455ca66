package devfest.studio.feeds.tasks;

import devfest.studio.base.Millis;
import devfest.studio.base.Text;
import devfest.studio.events.Visibility;
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
import org.jspecify.annotations.Nullable;

/**
 * The unpacking of an uploaded archive, with its progress, as a durable job. Not thread-safe.
 *
 * <p>A task is pending until a worker claims it, then processing, and ends as completed or error.
 */
@Entity
@Table(name = "task")
class Task implements Job {

  enum Status {
    PENDING,
    PROCESSING,
    COMPLETED,
    ERROR;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The progress as the stream sends it.
   *
   * @param progress percent, 0 to 100
   * @param status status in lower case
   * @param error reason of a failure; absent if null
   */
  public record Progress(
      int progress, String status, @JsonbProperty("error") @Nullable String error) {}

  @Id private String id;

  @Column(name = "user_id")
  private String userId;

  @Enumerated(EnumType.STRING)
  private Visibility visibility;

  @Enumerated(EnumType.STRING)
  private Status status;

  private int progress;
  private @Nullable String error;

  @Embedded private Lease lease;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "last_event")
  private @Nullable Long lastEvent;

  protected Task() {}

  Task(String userId, Visibility visibility, Instant now) {
    this.id = UUID.randomUUID().toString();
    this.userId = userId;
    this.visibility = visibility;
    this.status = Status.PENDING;
    this.createdAt = Millis.of(now);
    this.lease = Lease.traced(createdAt);
  }

  /** The blob key of the archive. */
  static String archiveKey(String id) {
    return "archives/" + id + ".zip";
  }

  void start() {
    status = Status.PROCESSING;
  }

  /** Sets the progress in percent; it never decreases. */
  void advance(int percent) {
    progress = Math.max(progress, percent);
  }

  void complete() {
    progress = 100;
    status = Status.COMPLETED;
    lease.end();
  }

  void fail(String reason) {
    error = Text.error(reason);
    status = Status.ERROR;
    lease.end();
  }

  /** Records the position of the last event in the log. */
  void setLastEvent(long position) {
    lastEvent = position;
  }

  boolean hasEnded() {
    return status == Status.COMPLETED || status == Status.ERROR;
  }

  @Override
  public Lease lease() {
    return lease;
  }

  @Override
  public boolean isOpen() {
    return !hasEnded();
  }

  @Override
  public String id() {
    return id;
  }

  String userId() {
    return userId;
  }

  Visibility visibility() {
    return visibility;
  }

  Instant createdAt() {
    return createdAt;
  }

  @Nullable Long lastEvent() {
    return lastEvent;
  }

  Progress progress() {
    return new Progress(progress, status.toString(), error);
  }
}
