package devfest.studio.push;

import devfest.studio.base.Millis;
import devfest.studio.base.Sha256;
import devfest.studio.delivery.Cursor;
import devfest.studio.delivery.Outcome;
import devfest.studio.delivery.Progress;
import devfest.studio.events.Audience;
import devfest.studio.events.Filter;
import devfest.studio.jobs.Lease;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A browser that gets the notifications of a user: a cursor on the log, which is also a durable
 * job. It ends when its row is deleted. Not thread-safe.
 */
@Entity
@Table(name = "push_subscription")
class PushSubscription implements Cursor {

  /** The events that it reads, and their channel. */
  static final String TYPE = "notification.created";

  private static final String CHANNEL = "notifications";

  /** Rarely, because there are many. */
  private static final Duration LOOK = Duration.ofHours(1);

  /**
   * Where a browser wants its messages, and how they are encrypted for it.
   *
   * @param p256dh the browser's public key in base64url
   * @param auth the browser's secret in base64url
   */
  record Browser(URI endpoint, String p256dh, String auth) {

    String id() {
      return PushSubscription.id(endpoint.toString());
    }
  }

  /** The public view of a subscription. */
  @Schema(name = "PushSubscription")
  public record View(String subscriptionId, String endpoint, String language, Instant createdAt) {}

  @Id private String id;

  @Column(name = "user_id")
  private String userId;

  private String endpoint;
  private String p256dh;
  private String auth;
  private String language;

  @Column(name = "created_at")
  private Instant createdAt;

  @Embedded private Progress progress;
  @Embedded private Lease lease;

  protected PushSubscription() {}

  /**
   * @param position notifications above it are sent
   */
  PushSubscription(String userId, Browser browser, String language, long position, Instant now) {
    this.id = browser.id();
    this.userId = userId;
    this.endpoint = browser.endpoint().toString();
    this.createdAt = Millis.of(now);
    this.progress = new Progress(position);
    this.lease = new Lease(now);
    set(browser, language);
  }

  private void set(Browser browser, String to) {
    p256dh = browser.p256dh();
    auth = browser.auth();
    language = to;
  }

  /** Returns the id of the subscription at an endpoint: the first half of a SHA-256 as a UUID. */
  static String id(String endpoint) {
    ByteBuffer hash = ByteBuffer.wrap(HexFormat.of().parseHex(Sha256.hex(endpoint)));
    return new UUID(hash.getLong(), hash.getLong()).toString();
  }

  /**
   * Replaces the keys and the language. If they differ, an attempt in progress, which has the old
   * ones, loses its claim. A pause after a failure goes on.
   *
   * @return whether they differ
   */
  boolean renew(Browser browser, String to) {
    if (browser.equals(browser()) && to.equals(language)) {
      return false;
    }
    set(browser, to);
    lease.end();
    return true;
  }

  /**
   * Records a failure and schedules the next attempt.
   *
   * @param giveUp how long a push service may fail
   * @return false if it has failed for too long
   */
  boolean fail(Outcome outcome, Duration giveUp, Instant now) {
    return progress
        .fail(outcome, giveUp, now)
        .map(
            pause -> {
              lease.schedule(now.plus(pause));
              return true;
            })
        .orElse(false);
  }

  /** Schedules the next attempt after a failure of which the push service is not the cause. */
  void postpone(Outcome outcome, Instant now) {
    lease.schedule(now.plus(progress.postpone(outcome)));
  }

  Filter filter() {
    return new Filter(
        Audience.of(userId, false), List.of(TYPE), List.of(CHANNEL), List.of(), userId);
  }

  Browser browser() {
    return new Browser(URI.create(endpoint), p256dh, auth);
  }

  View view() {
    return new View(id, endpoint, language, createdAt);
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
    return true;
  }

  String userId() {
    return userId;
  }

  String language() {
    return language;
  }

  @Override
  public Progress progress() {
    return progress;
  }

  @Override
  public Duration look() {
    return LOOK;
  }
}
