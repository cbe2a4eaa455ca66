package devfest.studio.transformations;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;

/** How much of a day's quota a user has used. Changed by updates alone, so that none gets lost. */
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

  /** Whose, and which day since 1970-01-01. */
  static class Key implements Serializable {

    /** Its row is locked by who adds another. */
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
