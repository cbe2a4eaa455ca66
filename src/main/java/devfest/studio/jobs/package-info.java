/**
 * Durable jobs: all work that the studio does after it has responded to a request.
 *
 * <p>A job is a row with a {@link devfest.studio.jobs.Lease}. A {@link devfest.studio.jobs.Loop}
 * claims due jobs, runs each with its {@link devfest.studio.jobs.Work} on a separate thread, and
 * renews the claims. Only the worker with the current claim can end a job. The claims of a crashed
 * node expire, and its jobs are claimed again.
 */
@NullMarked
package devfest.studio.jobs;

import org.jspecify.annotations.NullMarked;
