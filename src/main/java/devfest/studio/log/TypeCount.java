package devfest.studio.log;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The number of events of a type that were ever appended. */
@Entity
@Table(name = "event_count")
class TypeCount {

  @Id private String type;

  /** Updated by {@link Counts}. */
  @SuppressWarnings("unused")
  private long total;

  protected TypeCount() {}
}
