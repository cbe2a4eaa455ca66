package devfest.studio.jobs;

/** An entity that is a job: a row with a lease. */
public interface Job {

  String id();

  Lease lease();

  /** Whether something is still to be done; false once the job has ended. */
  boolean isOpen();
}
