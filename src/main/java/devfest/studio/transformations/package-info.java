/**
 * Transformations: a style applied to a photo. The rows are the queue: a job is claimed, worked on
 * outside any transaction, and ended in a short one together with its event. A style names the
 * engine that makes its pictures.
 */
@NullMarked
package devfest.studio.transformations;

import org.jspecify.annotations.NullMarked;
