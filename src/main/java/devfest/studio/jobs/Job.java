package devfest.studio.jobs;

/** An entity that is a durable job: a row with a lease. */
public interface Job {

  String id();

  Lease lease();

  /** Whether the job has not ended yet. */
  boolean isOpen();
}
