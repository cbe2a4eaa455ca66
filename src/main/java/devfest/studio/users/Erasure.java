package devfest.studio.users;

import devfest.studio.jobs.Job;
import devfest.studio.jobs.Lease;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A job that erases a user. Its row is removed when nothing is left. */
@Entity
@Table(name = "erasure")
class Erasure implements Job {

  @Id private String id;

  @Column(name = "user_id")
  private String userId;

  @Embedded private Lease lease;

  protected Erasure() {}

  Erasure(String userId, Instant now) {
    this.id = UUID.randomUUID().toString();
    this.userId = userId;
    this.lease = Lease.traced(now);
  }

  String userId() {
    return userId;
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
    return true;
  }
}
