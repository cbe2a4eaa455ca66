package devfest.studio.log;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** How many events of a type there ever were. */
@Entity
@Table(name = "event_count")
class TypeCount {

  @Id private String type;

  /** Counted up by the database. */
  @SuppressWarnings("unused")
  private long total;

  protected TypeCount() {}

  TypeCount(String type, long total) {
    this.type = type;
    this.total = total;
  }
}
