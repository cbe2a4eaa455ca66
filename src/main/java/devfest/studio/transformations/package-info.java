/**
 * Transformations: a style applied to a photo. The rows are the queue: a job is claimed, worked on
 * outside any transaction, and finished in a short one together with its event. What a dead node
 * had claimed is claimed again when the claim runs out.
 */
package devfest.studio.transformations;
