/**
 * Durable jobs, the one way in which the studio does work after a request was answered.
 *
 * <p>A job is a row with a {@link devfest.studio.jobs.Lease}. A {@link devfest.studio.jobs.Loop}
 * claims jobs that are due, hands each to its {@link devfest.studio.jobs.Work} on a thread of its
 * own, and renews the claims. Only the holder of the present claim ends a job; the claim of a node
 * that died runs out, and the job is claimed again.
 */
@NullMarked
package devfest.studio.jobs;

import org.jspecify.annotations.NullMarked;
