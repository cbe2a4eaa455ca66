package devfest.studio.feed;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Objects;

/**
 * A counter of {@link Tally}. Modified only by SQL updates, so that concurrent changes are not
 * lost.
 */
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

  String name() {
    return name;
  }

  long total() {
    return total;
  }

  /** The name of the counter and its owner. */
  static class Key implements Serializable {

    /** The row to lock before another row is inserted. */
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
