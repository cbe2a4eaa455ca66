package devfest.studio.stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Finds the places of clients that have left. A connection that its client has closed is noticed
 * only by writing to it, which idle streams do once a heartbeat. So when a caller has no place left
 * all of its streams are written to at once, before it is refused. Safe for use from many threads.
 */
@ApplicationScoped
class Probes {

  /**
   * When the streams are written to, in milliseconds from the first time. The first write after a
   * client has closed succeeds, and its answer makes the next one fail: after a round trip.
   */
  private static final long[] WRITES = {0, 20, 60, 120, 240};

  private static final long WAIT_MILLIS = 300;

  private final StreamEngine engine;

  /** A probe that found nothing is not repeated sooner, however often its caller is refused. */
  private static final long REST_MILLIS = 2_000;

  /** The newest probe of each place; callers that come while it goes on wait for it. */
  private final Map<String, CompletableFuture<Void>> probes = new ConcurrentHashMap<>();

  @Inject
  Probes(StreamEngine engine) {
    this.engine = engine;
  }

  /** Waits until the clients of the place have been probed, {@value #WAIT_MILLIS} ms at most. */
  void await(String place) {
    probes.computeIfAbsent(place, this::begin).join();
  }

  private CompletableFuture<Void> begin(String place) {
    CompletableFuture<Void> probe = new CompletableFuture<>();
    int taken = engine.hub().taken(place);
    for (long millis : WRITES) {
      engine.later(TimeUnit.MILLISECONDS.toNanos(millis), () -> engine.hub().probe(place));
    }
    return probe
        .completeOnTimeout(null, WAIT_MILLIS, TimeUnit.MILLISECONDS)
        .whenComplete(
            (none, fault) -> {
              boolean found = engine.hub().taken(place) < taken;
              engine.later(
                  TimeUnit.MILLISECONDS.toNanos(found ? 0 : REST_MILLIS),
                  () -> probes.remove(place));
            });
  }
}
