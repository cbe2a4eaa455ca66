package devfest.studio.stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Finds the places of clients that have left. A connection that its client has closed is noticed
 * only by writing to it, which idle streams do once a heartbeat. So when a caller has no quotaKey left
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

  @Inject private StreamEngine engine;

  /** A probe that found nothing is not repeated sooner, however often its caller is refused. */
  private static final long REST_MILLIS = 2_000;

  /** The newest probe of each quotaKey; callers that come while it goes on wait for it. */
  private final Map<String, CompletableFuture<Void>> probes = new ConcurrentHashMap<>();

  /** Waits until the clients of the quotaKey have been probed, {@value #WAIT_MILLIS} ms at most. */
  void await(String quotaKey) {
    probes.computeIfAbsent(quotaKey, this::begin).join();
  }

  private CompletableFuture<Void> begin(String quotaKey) {
    CompletableFuture<Void> probe = new CompletableFuture<>();
    int inUse = engine.hub().slotsInUse(quotaKey);
    for (long millis : WRITES) {
      engine.later(TimeUnit.MILLISECONDS.toNanos(millis), () -> engine.hub().probe(quotaKey));
    }
    return probe
        .completeOnTimeout(null, WAIT_MILLIS, TimeUnit.MILLISECONDS)
        .whenComplete(
            (none, fault) -> {
              boolean found = engine.hub().slotsInUse(quotaKey) < inUse;
              engine.later(
                  TimeUnit.MILLISECONDS.toNanos(found ? 0 : REST_MILLIS),
                  () -> probes.remove(quotaKey));
            });
  }
}
