package devfest.studio.webhooks;

import devfest.studio.base.Millis;
import devfest.studio.base.Text;
import devfest.studio.delivery.Cursor;
import devfest.studio.delivery.Outcome;
import devfest.studio.delivery.Progress;
import devfest.studio.events.Audience;
import devfest.studio.events.Filter;
import devfest.studio.jobs.Lease;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A cursor on the log whose events are sent to a URL, which is also a durable job. It is due while
 * events above its position may match. Not thread-safe.
 */
@Entity
@Table(name = "webhook")
class Webhook implements Cursor {

  private static final SecureRandom RANDOM = new SecureRandom();

  /** 256 random bits, encoded as 43 characters. */
  private static final int SEED_BYTES = 32;

  /**
   * An idle webhook looks for events that often, even if nobody wakes it. This also keeps its
   * position above what is pruned.
   */
  private static final Duration LOOK = Duration.ofMinutes(10);

  enum Status {
    ACTIVE,
    /** Its owner has switched it off. */
    PAUSED,
    /** The studio has switched it off, because its receiver failed. */
    DISABLED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What a webhook sends, and where.
   *
   * @param types names, or prefixes that end in {@code *}; empty for all types
   * @param channels empty for all channels
   */
  record Target(URI url, List<String> types, List<String> channels, Format format) {

    /**
     * @throws IllegalArgumentException if a type or a channel is malformed, or there are too many
     */
    Target {
      types = List.copyOf(types);
      channels = List.copyOf(channels);
      Filter ignored = new Filter(Audience.everything(), types, channels, List.of(), null);
    }

    Target at(URI other) {
      return new Target(other, types, channels, format);
    }
  }

  /**
   * The public view of a webhook.
   *
   * @param allUsers whether it gets the events of all users, because an admin has created it
   * @param secret only in the response that creates it, otherwise null
   * @param reason why it is disabled
   * @param position the id of the last event that was delivered or did not match
   * @param failingSince the first failure since the last delivery
   */
  @Schema(name = "Webhook")
  public record View(
      String webhookId,
      String userId,
      String url,
      List<String> types,
      List<String> channels,
      String format,
      boolean allUsers,
      @Schema(nullable = true) @Nullable String secret,
      String status,
      @Schema(nullable = true) @Nullable String reason,
      String position,
      @Schema(nullable = true) @Nullable Instant failingSince,
      Instant createdAt,
      Instant updatedAt) {}

  @Id private String id;

  @Column(name = "user_id")
  private String userId;

  private String url;
  private String seed;
  private String types;
  private String channels;

  @Enumerated(EnumType.STRING)
  private Format format;

  @Column(name = "all_users")
  private boolean allUsers;

  @Enumerated(EnumType.STRING)
  private Status status;

  private @Nullable String reason;

  @Column(name = "retry_to")
  private @Nullable Long retryTo;

  private long tries;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "updated_at")
  private Instant updatedAt;

  @Embedded private Progress progress;
  @Embedded private Lease lease;

  protected Webhook() {}

  /**
   * @param allUsers whether it gets the events of all users
   * @param position events above it are sent
   */
  Webhook(String userId, boolean allUsers, Target target, long position, Instant now) {
    byte[] bytes = new byte[SEED_BYTES];
    RANDOM.nextBytes(bytes);
    this.id = UUID.randomUUID().toString();
    this.userId = userId;
    this.allUsers = allUsers;
    this.seed = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    this.status = Status.ACTIVE;
    this.progress = new Progress(position);
    this.createdAt = Millis.of(now);
    this.lease = new Lease(now);
    set(target, now);
  }

  private void set(Target target, Instant now) {
    url = target.url().toString();
    types = String.join(",", target.types());
    channels = String.join(",", target.channels());
    format = target.format();
    updatedAt = Millis.of(now);
  }

  /**
   * Changes what is sent, and where. An attempt in progress loses its claim. A batch that was not
   * accepted is only formed anew if it can differ.
   */
  void change(Target target, Instant now) {
    if (!target.equals(target())) {
      retryTo = null;
    }
    set(target, now);
    restart(now);
  }

  /** Switches the webhook off or on. It resumes where it was. */
  void change(Status to, Instant now) {
    status = to;
    reason = null;
    updatedAt = Millis.of(now);
    restart(now);
  }

  private void restart(Instant now) {
    progress.forgive();
    lease.schedule(now);
  }

  @Override
  public void advance(long to) {
    progress.advance(to);
    retryTo = null;
  }

  /**
   * Records a failure, and schedules the next attempt at the same batch or disables the webhook.
   *
   * @param last the position of the last event of the batch
   * @param giveUp how long a webhook may fail
   */
  void fail(Outcome outcome, long last, Duration giveUp, Instant now) {
    retryTo = last;
    Optional<Duration> pause = progress.fail(outcome, giveUp, now);
    if (outcome.isGone()) {
      disable("The receiver responded with 410, so it wants no more events.", now);
    } else if (pause.isEmpty()) {
      disable(
          "Nothing was accepted since %s. The last error: %s"
              .formatted(
                  Millis.format(Objects.requireNonNull(progress.failingSince())), outcome.error()),
          now);
    } else {
      lease.schedule(now.plus(pause.get()));
    }
  }

  private void disable(String why, Instant now) {
    status = Status.DISABLED;
    reason = Text.error(why);
    updatedAt = Millis.of(now);
    lease.schedule(null);
  }

  /** Returns the number of the next attempt, from 1. */
  long nextTry() {
    return ++tries;
  }

  /** What it gets: the owner's events, or those of all users. */
  Filter filter() {
    return new Filter(
        Audience.of(userId, allUsers),
        Filter.list(types),
        Filter.list(channels),
        List.of(),
        allUsers ? null : userId);
  }

  Target target() {
    return new Target(URI.create(url), Filter.list(types), Filter.list(channels), format);
  }

  View view(@Nullable String secret) {
    return new View(
        id,
        userId,
        url,
        Filter.list(types),
        Filter.list(channels),
        format.toString(),
        allUsers,
        secret,
        status.toString(),
        reason,
        Long.toString(progress.position()),
        progress.failingSince(),
        createdAt,
        updatedAt);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Lease lease() {
    return lease;
  }

  @Override
  public boolean isOpen() {
    return status == Status.ACTIVE;
  }

  String userId() {
    return userId;
  }

  /** Whether it gets the events of all users. */
  boolean isForAllUsers() {
    return allUsers;
  }

  URI url() {
    return URI.create(url);
  }

  String seed() {
    return seed;
  }

  Format format() {
    return format;
  }

  Status status() {
    return status;
  }

  @Nullable String reason() {
    return reason;
  }

  @Override
  public Progress progress() {
    return progress;
  }

  @Override
  public Duration look() {
    return LOOK;
  }

  /** The last event of the batch that is retried; null if none is. */
  @Nullable Long retryTo() {
    return retryTo;
  }

  Instant createdAt() {
    return createdAt;
  }

  Instant updatedAt() {
    return updatedAt;
  }
}
