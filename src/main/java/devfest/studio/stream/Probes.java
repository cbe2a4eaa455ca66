package devfest.studio.stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Frees the slots of clients that have disconnected. A disconnect is detected only by writing,
 * which idle streams do once per heartbeat. So all streams of a caller without a free slot are
 * written to before the caller is refused. Safe for use from many threads.
 */
@ApplicationScoped
class Probes {

  /**
   * When the streams are written to, in milliseconds after the first write. The first write to a
   * closed connection succeeds; the client's reply makes a later one fail, after a round trip.
   */
  private static final long[] WRITES = {0, 20, 60, 120, 240};

  /** Leaves the last write time to fail. */
  private static final long WAIT_MILLIS = 300;

  private final StreamEngine engine;

  /** The pause after a probe that freed no slot, even if its caller is refused repeatedly. */
  private static final long PAUSE_MILLIS = 2_000;

  /** The current probe of each quota key; concurrent callers wait for the same probe. */
  private final Map<String, CompletableFuture<Void>> probes = new ConcurrentHashMap<>();

  @Inject
  Probes(StreamEngine engine) {
    this.engine = engine;
  }

  /**
   * Waits until the streams of the quota key have been probed, at most {@value #WAIT_MILLIS} ms.
   */
  void await(String quotaKey) {
    probes.computeIfAbsent(quotaKey, this::begin).join();
  }

  private CompletableFuture<Void> begin(String quotaKey) {
    CompletableFuture<Void> probe = new CompletableFuture<>();
    int inUse = engine.hub().inUse(quotaKey);
    for (long millis : WRITES) {
      engine.later(TimeUnit.MILLISECONDS.toNanos(millis), () -> engine.hub().probe(quotaKey));
    }
    return probe
        .completeOnTimeout(null, WAIT_MILLIS, TimeUnit.MILLISECONDS)
        .whenComplete(
            (none, fault) -> {
              boolean freed = engine.hub().inUse(quotaKey) < inUse;
              engine.later(
                  TimeUnit.MILLISECONDS.toNanos(freed ? 0 : PAUSE_MILLIS),
                  () -> probes.remove(quotaKey));
            });
  }
}
