package devfest.studio.cluster;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;

/** A node that is alive. */
@Entity
@Table(name = "node")
class NodeRow {

  @Id private String id;
  private String name;

  @Column(name = "started_at")
  private Instant startedAt;

  @Column(name = "seen_at")
  private Instant seenAt;

  protected NodeRow() {}

  NodeRow(String id, String name, Instant now) {
    this.id = id;
    this.name = name;
    this.startedAt = now;
    this.seenAt = now;
  }

  String name() {
    return name;
  }

  /** Renews the row. Returns the time since it was renewed before. */
  Duration renew(Instant now) {
    Duration pause = Duration.between(seenAt, now);
    seenAt = now;
    return pause;
  }
}
