package devfest.studio.transformations;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;

/**
 * The number of transformations of a user on one day. Changed only by update statements, so
 * concurrent changes are not lost.
 */
@Entity
@Table(name = "quota_day")
@IdClass(QuotaDay.Key.class)
class QuotaDay {

  @Id
  @Column(name = "user_id")
  private String userId;

  @Id
  @Column(name = "epoch_day")
  private long day;

  private int used;

  protected QuotaDay() {}

  QuotaDay(String userId, long day) {
    this.userId = userId;
    this.day = day;
  }

  int used() {
    return used;
  }

  /** The user and the day, in days since 1970-01-01. */
  static class Key implements Serializable {

    /** The guard row, which is locked before another row is inserted. */
    static final Key GUARD = new Key("", 0);

    private String userId = "";
    private long day;

    protected Key() {}

    Key(String userId, long day) {
      this.userId = userId;
      this.day = day;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && key.day == day && key.userId.equals(userId);
    }

    @Override
    public int hashCode() {
      return userId.hashCode() * 31 + Long.hashCode(day);
    }
  }
}
