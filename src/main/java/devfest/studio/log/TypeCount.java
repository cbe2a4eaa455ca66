package devfest.studio.log;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** How many events of a type there ever were. */
@Entity
@Table(name = "event_count")
class TypeCount {

  @Id private String type;

  /** Counted up by {@link Counts}. */
  @SuppressWarnings("unused")
  private long total;

  protected TypeCount() {}
}
