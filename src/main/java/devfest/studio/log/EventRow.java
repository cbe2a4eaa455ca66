package devfest.studio.log;

import devfest.studio.events.Event;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Visibility;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** An event as it is stored; written once, never changed. */
@Entity
@Table(name = "event_log")
class EventRow {

  /** Raised when the meaning of {@code data} changes, so that old rows can still be read. */
  private static final short SCHEMA_VERSION = 1;

  @Id private long position;
  private String type;

  @Enumerated(EnumType.STRING)
  private Visibility visibility;

  @Column(name = "user_id")
  private String userId;

  private String channel;

  @Column(name = "photo_id")
  private String photoId;

  @Column(name = "transformation_id")
  private String transformationId;

  @Column(name = "recorded_at")
  private Instant recordedAt;

  @Column(name = "schema_version")
  private short schemaVersion;

  private String data;

  protected EventRow() {}

  EventRow(LoggedEvent logged) {
    Event event = logged.event();
    position = logged.position();
    recordedAt = logged.timestamp();
    type = event.type();
    visibility = event.visibility();
    userId = event.userId();
    channel = event.channel();
    photoId = event.photoId();
    transformationId = event.transformationId();
    data = event.data();
    schemaVersion = SCHEMA_VERSION;
  }

  LoggedEvent event() {
    return new LoggedEvent(
        position,
        recordedAt,
        new Event(type, visibility, userId, channel, photoId, transformationId, data));
  }
}
