package devfest.studio.users;

import devfest.studio.archive.Archive;
import devfest.studio.archive.Turns;
import devfest.studio.cluster.Reservations;
import devfest.studio.http.Problem;
import devfest.studio.personal.Holding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/** Writes exports. Safe for use from many threads. */
@ApplicationScoped
class Exports {

  /** After this time an export is ended, so that a client that hardly reads holds no thread. */
  private static final Duration LONGEST = Duration.ofMinutes(30);

  private final List<Holding> holdings;
  private final Turns turns;
  private final Jsonb json;

  @Inject
  Exports(@Any Instance<Holding> holdings, Turns turns, Jsonb json) {
    this.holdings = holdings.stream().sorted(Comparator.comparing(Holding::name)).toList();
    this.turns = turns;
    this.json = json;
  }

  /**
   * Reserves the caller's only archive.
   *
   * @throws Problem 429 if the previous one is in progress
   */
  Reservations.Key reserve(String caller) {
    return turns.reserve(caller);
  }

  /** Writes everything that the studio holds of a user, and releases the reservation. */
  void write(Reservations.Key reservation, String user, OutputStream target) throws IOException {
    try {
      Archive archive = new Archive(target, json, pulse(reservation));
      for (Holding holding : holdings) {
        holding.export(user, archive);
      }
      archive.finish();
    } finally {
      turns.release(reservation);
    }
  }

  /** Keeps the reservation, and ends an export that takes too long. */
  private Runnable pulse(Reservations.Key reservation) {
    long start = System.nanoTime();
    Runnable renewal = turns.renewal(reservation);
    return () -> {
      if (System.nanoTime() - start > LONGEST.toNanos()) {
        throw new IllegalStateException("The client reads the export too slowly");
      }
      renewal.run();
    };
  }
}
