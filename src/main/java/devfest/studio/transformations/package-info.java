/**
 * Transformations, each of which applies a style to a photo. The table is the queue: a worker
 * claims a row, renders the image outside any transaction, and ends the job in a short transaction
 * together with its event. A style names the engine that renders it.
 */
@NullMarked
package devfest.studio.transformations;

import org.jspecify.annotations.NullMarked;
