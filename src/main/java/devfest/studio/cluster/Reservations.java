package devfest.studio.cluster;

import devfest.studio.http.Outage;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Reserves work of which each user may have at most one at a time, on any node. A reservation ends
 * when it is released, when it is not renewed in time, or when its node is lost. While the database
 * is not available, each node decides alone. The caller excludes two reservations of a user on the
 * same node. Safe for use from many threads and nodes.
 */
@ApplicationScoped
public class Reservations {

  /** The pause between two renewals. */
  public static final Duration RENEWAL = Duration.ofSeconds(10);

  /** A reservation that is not renewed for this time ends: two renewals may fail. */
  static final Duration LEASE = RENEWAL.multipliedBy(3);

  private static final Logger LOG = System.getLogger(Reservations.class.getName());

  private final Topology topology;
  private final ReservationRows rows;

  @Inject
  public Reservations(Topology topology, ReservationRows rows) {
    this.topology = topology;
    this.rows = rows;
  }

  /**
   * Identifies a reservation.
   *
   * @param name the kind of work
   * @param holder random, at most 36 characters
   */
  public record Key(String name, String user, String holder) {}

  /** Makes a reservation. Returns false if another node has one for this name and user. */
  public boolean reserve(Key key) {
    return call(() -> rows.reserve(key));
  }

  /** Extends the reservation. */
  public void renew(Key key) {
    boolean ignored = call(() -> rows.renew(key));
  }

  /** Ends the reservation. */
  public void release(Key key) {
    boolean ignored = call(() -> rows.release(key));
  }

  private boolean call(BooleanSupplier work) {
    if (!topology.shared()) {
      return true;
    }
    try {
      return work.getAsBoolean();
    } catch (RuntimeException e) {
      Level level = Outage.behind(e).isPresent() ? Level.DEBUG : Level.WARNING;
      LOG.log(level, "A reservation could not be stored; this node decides alone", e);
      return true;
    }
  }

  /** Deletes expired reservations. */
  public void prune() {
    rows.prune();
  }
}
