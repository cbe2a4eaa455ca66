package devfest.studio.feed;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Objects;

/** A number that is counted as it changes. Changed by updates alone, so that none gets lost. */
@Entity
@Table(name = "feed_count")
@IdClass(FeedCount.Key.class)
class FeedCount {

  @Id private String name;
  @Id private String owner;
  private long total;

  protected FeedCount() {}

  FeedCount(String name, String owner) {
    this.name = name;
    this.owner = owner;
  }

  long total() {
    return total;
  }

  /** What is counted, and whose. */
  static class Key implements Serializable {

    /** Its row is locked by who adds another. */
    static final Key GUARD = new Key("", "");

    private String name = "";
    private String owner = "";

    protected Key() {}

    Key(String name, String owner) {
      this.name = name;
      this.owner = owner;
    }

    String name() {
      return name;
    }

    String owner() {
      return owner;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && key.name.equals(name) && key.owner.equals(owner);
    }

    @Override
    public int hashCode() {
      return Objects.hash(name, owner);
    }
  }
}
