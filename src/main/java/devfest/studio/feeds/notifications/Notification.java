package devfest.studio.feeds.notifications;

import devfest.studio.base.Millis;
import devfest.studio.events.Event;
import jakarta.json.bind.annotation.JsonbProperty;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A personal notification. It is unread until the user marks it as read. Not thread-safe. */
@Entity
@Table(name = "notification")
class Notification {

  /**
   * Maximum length of the text in characters; the column has room for twice as many UTF-16 units.
   */
  static final int MAX_TEXT = 500;

  static final String MENTION = "mention";

  /** The data of a notification in the stream. */
  @Schema(
      name = "NewNotification",
      requiredProperties = {"id", "type", "text", "mentionedBy"})
  public record View(
      String id,
      String type,
      String text,
      @JsonbProperty(nillable = true) @Schema(nullable = true) @Nullable String mentionedBy,
      @JsonbProperty("transformationId") @Nullable String transformationId) {} // absent if null

  /** A notification in a list. */
  @Schema(name = "Notification")
  public record Item(
      String id,
      String type,
      String text,
      @JsonbProperty(nillable = true) @Schema(nullable = true) @Nullable String mentionedBy,
      @JsonbProperty(nillable = true) @Schema(nullable = true) @Nullable String transformationId,
      Instant createdAt,
      boolean read) {}

  @Id private String id;

  @Column(name = "user_id")
  private String userId;

  private String type;
  private String text;

  @Column(name = "mentioned_by")
  private @Nullable String mentionedBy;

  @Column(name = "transformation_id")
  private @Nullable String transformationId;

  private long position;

  @Column(name = "created_at")
  private Instant createdAt;

  @Column(name = "read_at")
  private @Nullable Instant readAt;

  protected Notification() {}

  Notification(
      String userId,
      String type,
      String text,
      @Nullable String mentionedBy,
      @Nullable String transformationId,
      Instant now) {
    this.id = UUID.randomUUID().toString();
    this.userId = userId;
    this.type = type;
    this.text = text;
    this.mentionedBy = mentionedBy;
    this.transformationId = transformationId;
    this.createdAt = Millis.of(now);
  }

  /** Sets the position of its event in the log. */
  void setPosition(long newPosition) {
    position = newPosition;
  }

  /**
   * Marks the notification as read.
   *
   * @return false if it was already read
   */
  boolean read(Instant now) {
    if (readAt != null) {
      return false;
    }
    readAt = now;
    return true;
  }

  String userId() {
    return userId;
  }

  long position() {
    return position;
  }

  /** Marks the event as caused by the user who sent the mention, if there is one. */
  Event caused(Event event) {
    return mentionedBy == null ? event : event.by(mentionedBy);
  }

  View view() {
    return new View(id, type, text, mentionedBy, transformationId);
  }

  Item item() {
    return new Item(id, type, text, mentionedBy, transformationId, createdAt, readAt != null);
  }
}
