package devfest.studio.jobs;

import devfest.studio.base.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A kind of job: its entity, its limits, and the code that does it. {@link Workers} finds and runs
 * every CDI bean of this type. Implementations are safe for use from many threads.
 *
 * @param <J> the entity; it has the attributes {@code id}, {@code lease} and, unless {@link
 *     #openStatuses} is empty, {@code status}
 */
public interface Work<J extends Job> {

  Class<J> type();

  /** The statuses of jobs that have not ended; empty if a job ends by the removal of its row. */
  Set<? extends Enum<?>> openStatuses();

  /** The number of jobs that this node runs at the same time. */
  int concurrency();

  /**
   * The number of jobs of one user that this node runs at the same time, so that one whose jobs are
   * slow leaves room for others; without a limit by default. With a limit, the entity has the
   * attribute {@code userId}.
   */
  default int perUser() {
    return Integer.MAX_VALUE;
  }

  /**
   * How long a claim is valid without renewal, which is also the delay until another node takes
   * over the jobs of a crashed node.
   */
  Duration lease();

  /** Maximum duration of one attempt; empty if the work limits itself. */
  default Optional<Duration> timeout() {
    return Optional.empty();
  }

  /** The number of attempts after which the job fails; without a limit by default. */
  default int maxAttempts() {
    return Integer.MAX_VALUE;
  }

  /** The delay between attempts. */
  Backoff backoff();

  /** The reason shown to users when a job fails because of an internal error. */
  String faultMessage();

  /** Called in the claiming transaction with the locked job. */
  default void claimed(J job) {}

  /** Called with the locked job when it will be retried, in the transaction that ends the claim. */
  default void requeued(J job) {}

  /**
   * Ends a locked job that has failed permanently, in the transaction that ends the claim.
   *
   * <p>By default there is no such end, which needs {@link #maxAttempts} without a limit.
   *
   * @param reason why it has failed; shown to users
   */
  default void failed(J job, String reason) {
    throw new IllegalStateException(reason);
  }

  /**
   * Runs a claimed job on its own thread, outside any transaction. The implementation ends the job
   * through {@link Leases#lockClaimed}. If this method throws while the job is still claimed, the
   * job is retried.
   *
   * @param job detached copy of the job as it was when claimed
   * @throws JobException if the job cannot be done for a known reason
   * @throws Attempt.StoppedException if the attempt was stopped
   */
  void run(J job, Attempt attempt) throws Exception;
}
