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

/** A job that deletes blobs. Its row is removed after the deletion. */
@Entity
@Table(name = "discarded_blob")
class Discard implements Job {

  /** The column has room for this many keys of the usual length. */
  static final int MAX_KEYS = 50;

  @Id private String id;

  @Column(name = "blob_keys")
  private String keys;

  @Embedded private Lease lease;

  protected Discard() {}

  Discard(String id, List<String> keys, Instant dueAt) {
    this.id = id;
    this.keys = String.join("\n", keys);
    this.lease = new Lease(dueAt);
  }

  /** Replaces the keys: an attempt of an earlier version may have guarded fewer of them. */
  void cover(List<String> all) {
    keys = String.join("\n", all);
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
