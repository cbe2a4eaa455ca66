package devfest.studio.jobs;

import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;

/** The job of the tests. */
@Entity
class Chore implements Job {

  static final String TABLE =
      "create table chore (id varchar(36) primary key, status varchar(8) not null,"
          + " user_id varchar(9) not null, reason varchar(500), claim varchar(36), claimed_till bigint, attempts int not null,"
          + " due_at bigint, traceparent varchar(55))";

  enum Status {
    OPEN,
    DONE,
    FAILED
  }

  @Id private String id;

  @Enumerated(EnumType.STRING)
  private Status status;

  @Column(name = "user_id")
  private String userId;

  private String reason;
  @Embedded private Lease lease;

  protected Chore() {}

  Chore(String id, Instant dueAt) {
    this(id, "ann", dueAt);
  }

  Chore(String id, String userId, Instant dueAt) {
    this.id = id;
    this.userId = userId;
    this.status = Status.OPEN;
    this.lease = new Lease(dueAt);
  }

  void end(Status last, String why) {
    status = last;
    reason = why;
    lease.end();
  }

  Status status() {
    return status;
  }

  String reason() {
    return reason;
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
    return status == Status.OPEN;
  }
}
