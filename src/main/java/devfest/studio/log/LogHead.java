package devfest.studio.log;

import devfest.studio.base.Millis;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The one row whose lock orders all appends. */
@Entity
@Table(name = "event_head")
class LogHead {

  static final short ID = 1;

  @Id private short id;
  private long origin;
  private long pruned;
  private long position;

  @Column(name = "recorded_at")
  private Instant recordedAt;

  protected LogHead() {}

  /** A log without events, whose positions lie above its creation instant in microseconds. */
  LogHead(Instant created) {
    id = ID;
    recordedAt = Millis.of(created);
    startAbove(created);
    pruned = position;
  }

  /** Leaves every position given out so far behind; what they stand for can still be read. */
  final void startAbove(Instant now) {
    position = Math.max(position, ChronoUnit.MICROS.between(Instant.EPOCH, now));
    origin = position;
  }

  /** Never gives out a position twice, whatever a database may have made of this row. */
  void startAfter(long last) {
    position = Math.max(position, last);
  }

  /** Gives out the next position. */
  long next() {
    return ++position;
  }

  /** The instant to record now: to the millisecond, and never before the event before it. */
  Instant clock(Instant now) {
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
