package devfest.studio.log;

import devfest.studio.base.Millis;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The single row whose lock serializes all appends. */
@Entity
@Table(name = "event_head")
class LogHead {

  static final short ID = 1;

  @Id
  @SuppressWarnings("UnusedVariable") // queries read it
  private short id;

  private long origin;
  private long pruned;
  private long position;

  @Column(name = "recorded_at")
  private Instant recordedAt;

  protected LogHead() {}

  /**
   * Starts a new origin above every position assigned so far, at the present in microseconds since
   * 1970; older events stay readable.
   */
  void startAbove(Instant now) {
    position = Math.max(position, ChronoUnit.MICROS.between(Instant.EPOCH, now));
    origin = position;
  }

  /** Repairs a head that was rolled back, so that no position is assigned twice. */
  void startAfter(long last) {
    position = Math.max(position, last);
  }

  /** Assigns the next position. */
  long next() {
    return ++position;
  }

  /** The timestamp of the next event: in milliseconds, and never before the previous event. */
  Instant timestamp(Instant now) {
    Instant instant = Millis.of(now);
    if (instant.isAfter(recordedAt)) {
      recordedAt = instant;
    }
    return recordedAt;
  }

  void prunedTo(long last) {
    pruned = Math.max(pruned, last);
  }

  LogBounds bounds() {
    return new LogBounds(origin, pruned, position);
  }
}
