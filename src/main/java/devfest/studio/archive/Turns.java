package devfest.studio.archive;

import devfest.studio.cluster.Reservations;
import devfest.studio.http.Code;
import devfest.studio.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Allows each caller one archive at a time over all nodes, because an archive reads much. Safe for
 * use from many threads.
 */
@ApplicationScoped
public class Turns {

  /** The name of the reservations. */
  private static final String NAME = "export";

  /** Most archives take seconds. */
  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private final Reservations reservations;

  /** The callers with an archive in progress at this node. */
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  @Inject
  public Turns(Reservations reservations) {
    this.reservations = reservations;
  }

  /**
   * Reserves the caller's only archive.
   *
   * @throws Problem 429 if the previous one is in progress
   */
  public Reservations.Key reserve(String caller) {
    Reservations.Key key = new Reservations.Key(NAME, caller, UUID.randomUUID().toString());
    if (busy.add(caller)) {
      if (reservations.reserve(key)) {
        return key;
      }
      boolean ignored = busy.remove(caller);
    }
    throw Problem.tryLater(
        Code.ONE_AT_A_TIME,
        "The previous archive is still in progress. Request one at a time.",
        RETRY_AFTER);
  }

  /** Ends a reservation. Call it once. */
  public void release(Reservations.Key reservation) {
    boolean ignored = busy.remove(reservation.user());
    reservations.release(reservation);
  }

  /** Returns an action that renews the reservation when it is due. For use by one thread. */
  public Runnable renewal(Reservations.Key reservation) {
    long[] renewed = {System.nanoTime()};
    return () -> {
      long now = System.nanoTime();
      if (now - renewed[0] > Reservations.RENEWAL.toNanos()) {
        renewed[0] = now;
        reservations.renew(reservation);
      }
    };
  }
}
