package devfest.studio.transformations;

import devfest.studio.settings.Values;
import java.time.Duration;
import java.util.Optional;

/**
 * Work on transformations.
 *
 * @param concurrency how many this node works on at once; empty for as many as it has cores
 * @param queueLimit how many may wait, on all nodes
 * @param timeout after which a run fails
 * @param attempts runs before a transformation fails for good
 */
public record TransformationSettings(
    Optional<Integer> concurrency, int queueLimit, Duration timeout, int attempts) {

  public static TransformationSettings from(Values values) {
    return new TransformationSettings(
        values.integer("studio.transformations.concurrency", 1, 1_024),
        values.integer("studio.transformations.queue-limit", 1_000, 1, 1_000_000),
        values.duration("studio.transformations.timeout", "PT60S", "PT1S", "PT1H"),
        values.integer("studio.transformations.attempts", 3, 1, 100));
  }
}
