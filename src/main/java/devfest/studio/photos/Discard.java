package devfest.studio.photos;

import devfest.studio.jobs.Job;
import devfest.studio.jobs.Lease;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Blobs that are to be deleted. The row goes when they are. */
@Entity
@Table(name = "discarded_blob")
class Discard implements Job {

  /** This many keys of the usual length fit into a row. */
  static final int MOST = 50;

  @Id private String id;

  @Column(name = "blob_keys")
  private String keys;

  @Embedded private Lease lease;

  protected Discard() {}

  Discard(List<String> keys, Instant dueAt) {
    this.id = UUID.randomUUID().toString();
    this.keys = String.join("\n", keys);
    this.lease = new Lease(dueAt);
  }

  List<String> keys() {
    return List.of(keys.split("\n"));
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
