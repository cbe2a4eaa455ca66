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
@SuppressWarnings("UnusedVariable") // its columns are read, not its fields
class EventRow {

  /** Raised when the meaning of {@code data} changes, so that old rows can still be read. */
  private static final short SCHEMA_VERSION = 1;

  /** What {@link #event(Object[])} takes, of an {@code EventRow e}. */
  static final String COLUMNS =
      "e.position, e.recordedAt, e.type, e.visibility, e.userId, e.channel, e.photoId,"
          + " e.transformationId, e.data";

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

  /** Read one by one: rows that never change need no entity, which costs twice as much. */
  static LoggedEvent event(Object[] columns) {
    return new LoggedEvent(
        (Long) columns[0],
        (Instant) columns[1],
        new Event(
            (String) columns[2],
            (Visibility) columns[3],
            (String) columns[4],
            (String) columns[5],
            (String) columns[6],
            (String) columns[7],
            (String) columns[8]));
  }
}
