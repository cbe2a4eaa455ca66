package devfest.studio.transformations;

import devfest.studio.settings.Values;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings for the processing of transformations.
 *
 * @param concurrency number of transformations that this node runs at the same time; empty for one
 *     per processor
 * @param queueLimit maximum number of queued transformations on all nodes
 * @param timeout maximum duration of one attempt
 * @param attempts number of attempts after which a transformation fails
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
