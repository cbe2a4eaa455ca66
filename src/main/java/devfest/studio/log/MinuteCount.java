package devfest.studio.log;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;

/** The number of events of a type within one minute. */
@Entity
@Table(name = "event_minute")
@IdClass(MinuteCount.Key.class)
class MinuteCount {

  private static final long MILLIS_PER_MINUTE = 60_000;

  @Id
  @Column(name = "epoch_minute")
  private long minute;

  @Id private String type;

  /** Updated by {@link Counts}. */
  @SuppressWarnings("unused")
  private long total;

  protected MinuteCount() {}

  /** Minutes since 1970-01-01T00:00Z. */
  static long minuteOf(Instant instant) {
    return Math.floorDiv(instant.toEpochMilli(), MILLIS_PER_MINUTE);
  }

  record Key(long minute, String type) implements java.io.Serializable {}
}
