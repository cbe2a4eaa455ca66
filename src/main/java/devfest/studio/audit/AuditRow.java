package devfest.studio.audit;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of the audit trail. */
@Entity
@Table(name = "audit")
public class AuditRow {

  @Id private String id;

  @Column(name = "recorded_at")
  private Instant recordedAt;

  private String node;

  @Column(name = "user_id")
  private @Nullable String userId;

  private String action;
  private @Nullable String target;
  private String outcome;
  private @Nullable String address;
  private int times;

  protected AuditRow() {}

  AuditRow(String id, Instant recordedAt, String node, Act act) {
    this.id = id;
    this.recordedAt = recordedAt;
    this.node = node;
    this.userId = act.user();
    this.action = act.action().toString();
    this.target = act.target();
    this.outcome = act.outcome().toString();
    this.address = act.address();
    this.times = 1;
  }

  public String id() {
    return id;
  }

  public Instant recordedAt() {
    return recordedAt;
  }

  /** The name of the node that recorded it. */
  public String node() {
    return node;
  }

  /** Null without a valid token, {@link Audit#ERASED} for an erased user. */
  public @Nullable String userId() {
    return userId;
  }

  /** The text form of an {@link Action}, also of one of another version. */
  public String action() {
    return action;
  }

  public @Nullable String target() {
    return target;
  }

  /** The text form of an {@link Outcome}. */
  public String outcome() {
    return outcome;
  }

  /** The client's address; null for the studio itself. */
  public @Nullable String address() {
    return address;
  }

  /** How often it happened within a minute. */
  public int times() {
    return times;
  }
}
