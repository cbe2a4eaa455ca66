package devfest.studio.log;

import devfest.studio.events.Event;
import devfest.studio.events.Kinds;
import devfest.studio.events.LoggedEvent;
import devfest.studio.events.Subject;
import devfest.studio.events.Visibility;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The row of an event. Written once; only an erasure changes it. */
@Entity
@Table(name = "event_log")
@SuppressWarnings("UnusedVariable") // queries read the columns; nothing reads the fields
class EventRow {

  /** Increased when the meaning of {@code data} changes, so that old rows stay readable. */
  private static final short SCHEMA_VERSION = 1;

  static final String INSERT =
      "insert into event_log (position, recorded_at, type, visibility, user_id, channel, photo_id,"
          + " transformation_id, ends_key, data, schema_version, author,"
          + " traceparent)"
          + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  /** The columns that {@link #event(Object[])} expects, of an {@code EventRow e}. */
  static final String COLUMNS =
      "e.position, e.recordedAt, e.type, e.visibility, e.userId, e.channel, e.photoId,"
          + " e.transformationId, e.endsKey, e.data, e.traceparent";

  @Id private long position;
  private String type;

  @Enumerated(EnumType.STRING)
  private Visibility visibility;

  @Column(name = "user_id")
  private @Nullable String userId;

  private String channel;

  @Column(name = "photo_id")
  private @Nullable String photoId;

  @Column(name = "transformation_id")
  private @Nullable String transformationId;

  @Column(name = "ends_key")
  private @Nullable String endsKey;

  private @Nullable String author;
  private @Nullable String traceparent;

  @Column(name = "recorded_at")
  private Instant recordedAt;

  @Column(name = "schema_version")
  private short schemaVersion;

  private String data;

  protected EventRow() {}

  /**
   * Sets the parameters of {@link #INSERT}.
   *
   * @throws IllegalArgumentException if the kind of a subject has no column
   */
  static void fill(PreparedStatement insert, LoggedEvent logged) throws SQLException {
    Event event = logged.event();
    insert.setLong(1, logged.position());
    insert.setLong(2, logged.timestamp().toEpochMilli());
    insert.setString(3, event.type());
    insert.setString(4, event.visibility().name());
    insert.setString(5, event.userId());
    insert.setString(6, event.channel());
    insert.setString(7, null);
    insert.setString(8, null);
    for (Subject subject : event.subjects()) {
      insert.setString(field(subject).equals("photoId") ? 7 : 8, subject.id());
    }
    insert.setString(9, event.ends());
    insert.setString(10, event.data());
    insert.setShort(11, SCHEMA_VERSION);
    insert.setString(12, event.author());
    insert.setString(13, event.trace());
  }

  /**
   * The field that stores the id of subjects of this kind.
   *
   * @throws IllegalArgumentException if there is none
   */
  static String field(Subject subject) {
    return switch (subject.kind()) {
      case Kinds.PHOTO -> "photoId";
      case Kinds.TRANSFORMATION -> "transformationId";
      default -> throw new IllegalArgumentException("The log has no column for " + subject);
    };
  }

  private static List<Subject> subjects(Object photoId, Object transformationId) {
    if (photoId == null && transformationId == null) {
      return List.of();
    }
    List<Subject> subjects = new ArrayList<>(2);
    if (photoId != null) {
      subjects.add(new Subject(Kinds.PHOTO, (String) photoId));
    }
    if (transformationId != null) {
      subjects.add(new Subject(Kinds.TRANSFORMATION, (String) transformationId));
    }
    return subjects;
  }

  /** Converts {@link #COLUMNS}; reading entities would take twice as long. */
  static LoggedEvent event(Object[] columns) {
    return new LoggedEvent(
        (Long) columns[0],
        (Instant) columns[1],
        new Event(
            (String) columns[2],
            (Visibility) columns[3],
            (String) columns[4],
            null,
            (String) columns[5],
            subjects(columns[6], columns[7]),
            (String) columns[8],
            null,
            (String) columns[10],
            (String) columns[9]));
  }
}
