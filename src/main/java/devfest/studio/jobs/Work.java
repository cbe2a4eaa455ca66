package devfest.studio.jobs;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A kind of job: where its rows are and how one is done. A CDI bean of this type is found and run
 * by {@link Workers}. Safe for use from many threads.
 *
 * @param <J> the entity; it has the attributes {@code id}, {@code lease} and, unless {@link #open}
 *     is empty, {@code status}
 */
public interface Work<J extends Job> {

  Class<J> type();

  /** The statuses of jobs that have not ended; empty when a row ends by being removed. */
  Set<? extends Enum<?>> open();

  /** How many jobs this node works on at a time. */
  int places();

  /** How long a claim holds without being renewed: how late a dead node's jobs are taken over. */
  Duration lease();

  /** How long one attempt may take; empty where the work bounds itself. */
  default Optional<Duration> timeout() {
    return Optional.empty();
  }

  /** How often a job is tried. */
  int attempts();

  Backoff backoff();

  /** What people read of a job that failed through a fault of the studio. */
  String fault();

  /** Changes a job that was just claimed, in the claiming transaction. */
  default void claimed(J job) {}

  /** Changes a job that is given back to be tried again, in that transaction. */
  default void returned(J job) {}

  /** Ends a job that has failed for good, in that transaction. */
  void failed(J job, String reason);

  /**
   * Does a claimed job, on a thread of its own and outside any transaction. It ends the job by
   * {@link Leases#held}; a job that is still held when this throws is tried again.
   *
   * @param job as it was when it was claimed, detached
   * @throws JobException when it can't be done for a known reason
   * @throws Attempt.StoppedException when the attempt was stopped
   */
  void run(J job, Attempt attempt) throws Exception;
}
