package devfest.studio.jobs;

import java.util.Optional;

/**
 * Fired in a transaction that makes jobs due, or that ends a job which may be in progress.
 *
 * @param type the kind of job
 * @param ended the id of a job that has ended; empty when jobs are due
 */
record JobsChanged(Class<? extends Job> type, Optional<String> ended) {}
